import { ScriptError } from './failures.ts';
import type { RequestContent } from './script/request.ts';

/**
 * What one call used, in inclusive buckets: `input` ⊇ `cacheRead`, `cacheWrite`; `cacheWrite` ⊇ `cacheWrite1h`;
 * `output` ⊇ `reasoning`. Each dialect turns them into the counts that its provider reports.
 */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly reasoning: number;
}

/** Usage in which every bucket is zero. */
export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, reasoning: 0 };

/** The sum of two usages, bucket by bucket. */
export function addUsage(left: Usage, right: Usage): Usage {
  return {
    input: left.input + right.input,
    output: left.output + right.output,
    cacheRead: left.cacheRead + right.cacheRead,
    cacheWrite: left.cacheWrite + right.cacheWrite,
    cacheWrite1h: left.cacheWrite1h + right.cacheWrite1h,
    reasoning: left.reasoning + right.reasoning,
  };
}

/** Buckets that a script names; the rest is derived. `toolInput` is the part of input that Gemini's own tools brought in. */
export type UsageSpec = { readonly [Bucket in keyof Usage | 'toolInput']?: number | undefined };

/** What the lengths of texts come to: the prompt, the visible answer, the thoughts. */
export interface DerivedUsage {
  readonly input: number;
  readonly answer: number;
  readonly reasoning: number;
}

/** Usage with every bucket. @throws ScriptError where a part is larger than its whole, or no whole number. */
export function completeUsage(spec: UsageSpec, derived: DerivedUsage): Usage {
  const cacheRead = spec.cacheRead ?? 0;
  const cacheWrite1h = spec.cacheWrite1h ?? 0;
  const cacheWrite = spec.cacheWrite ?? cacheWrite1h;
  const toolInput = spec.toolInput ?? 0;
  // Parts of the prompt that are named alone come on top of it, as a long prefix that the texts do not show.
  const input = spec.input ?? derived.input + cacheRead + cacheWrite + toolInput;
  const reasoning = spec.reasoning ?? Math.min(derived.reasoning, spec.output ?? Infinity);
  const output = spec.output ?? derived.answer + reasoning;
  const usage: Usage = { input, output, cacheRead, cacheWrite, cacheWrite1h, reasoning };
  const isWhole = [...Object.values(usage), toolInput].every((count) => Number.isSafeInteger(count) && count >= 0);
  const fits = cacheRead + cacheWrite + toolInput <= input && cacheWrite1h <= cacheWrite && reasoning <= output;
  if (isWhole && fits) return usage;
  throw new ScriptError(
    `the usage of a reply does not add up: expected whole numbers, and parts within their whole, received ${JSON.stringify(usage)}`,
  );
}

// Real tokenizers give about four characters a token in English text; the exact number matters to nobody, only that it is the same each time.
const CHARACTERS_PER_TOKEN = 4;
// What chat formats add for role and delimiters.
const TOKENS_PER_MESSAGE = 4;

/** How many tokens a text counts as. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** How many tokens the prompt of a request counts as: the same for the same content, whichever API it came by. */
export function countInputTokens(content: RequestContent): number {
  let tokens = countTokens(content.system) + TOKENS_PER_MESSAGE;
  for (const message of content.messages) {
    tokens += countTokens(message.text) + TOKENS_PER_MESSAGE;
    for (const call of message.toolCalls) tokens += countTokens(call.name + JSON.stringify(call.arguments));
  }
  for (const tool of content.tools)
    tokens += countTokens(tool.name + tool.description + JSON.stringify(tool.parameters));
  return tokens;
}
