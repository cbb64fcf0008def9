import { Reason } from './reason.ts';

// Names longer than this are no model's. Bedrock's ARNs have about 150 characters.
const MODEL_LENGTH_MAX = 256;

/** A way to read a model's name, and what was given up for it. */
export interface NameVariant {
  readonly name: string;
  readonly reason: Reason | undefined;
}

// 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0'
const ARN = /^arn:aws[a-z-]*:bedrock:[^/]*[:/](?:inference-profile|foundation-model)\/(.+)$/;
// 'models/gemini-2.5-pro', 'projects/p/locations/l/publishers/anthropic/models/claude-sonnet-4-5@20250929'
const GOOGLE_PATH = /^(?:projects\/[^/]+\/locations\/[^/]+\/)?(?:publishers\/[^/]+\/)?models\/([^/]+)$/;
// '-20250929', '-2025-09-29', '@20250929', '@001', '@default', '-0528'
const DATE = /(?:[-@](?:20\d{6}|20\d{2}-[01]\d-[0-3]\d|\d{3,4})|@[a-z0-9-]{1,24})$/;
const COMPACT_DATE = /-(20\d{2})([01]\d)([0-3]\d)(?=-|:|$)/g;
const REGION = /^(?:us|eu|apac|jp|au|ca|in|sa|us-gov|global)\./;

/** A model's name as price lists have it: trimmed, in lower case, without the path of a cloud's resource. */
export function normalizeModelName(name: string): string {
  const plain = name.trim().toLowerCase();
  if (plain.length > MODEL_LENGTH_MAX) {
    return '';
  }
  return ARN.exec(plain)?.[1] ?? GOOGLE_PATH.exec(plain)?.[1] ?? plain;
}

/** Other ways to read a normalized name, nearest first. */
export function nameVariants(name: string): readonly NameVariant[] {
  const variants: NameVariant[] = [{ name: hyphenateDate(name), reason: undefined }];
  const withoutRegion = name.replace(REGION, '');
  variants.push({ name: withoutRegion, reason: Reason.ModelPrefixDropped });
  // OpenRouter's ':nitro', ':online', but not ':free', which has another price. A digit after the colon is Bedrock's
  // revision or Ollama's size.
  const variantAt = name.search(/:(?!free$)[a-z-]+$/);
  if (variantAt > 0) {
    variants.push({ name: name.slice(0, variantAt), reason: Reason.ModelVariantDropped });
  }
  variants.push({ name: withoutRegion.replace(DATE, ''), reason: Reason.ModelDateDropped });
  return variants.filter((variant) => variant.name !== name && variant.name !== '');
}

/** What stands before a model's name. */
export interface NamePrefix {
  readonly head: string;
  /** A colon also separates sizes and customers from a name: 'llama3:8b', 'ft:gpt-4o-2024-08-06:our-team::id'. */
  readonly separator: '/' | ':';
  readonly rest: string;
}

/** The part before a name's first slash or colon, and the rest: 'openai/gpt-5' or 'openai:gpt-5'. */
export function splitPrefix(name: string): NamePrefix | undefined {
  const at = name.search(/[/:]/);
  return at > 0 && at < name.length - 1
    ? { head: name.slice(0, at), separator: name[at] === '/' ? '/' : ':', rest: name.slice(at + 1) }
    : undefined;
}

/** 'gpt-5-20250807' is 'gpt-5-2025-08-07', the same model: some gateways write dates without hyphens. */
function hyphenateDate(name: string): string {
  return name.replace(COMPACT_DATE, '-$1-$2-$3');
}
