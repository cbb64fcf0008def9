// In: the names a call has for its provider and model. Out: the entry of the price list that prices it, with every assumption
// made on the way. Refused: guesses nobody could check, such as a deployment's own name or a model on one's own machine.
import { gradeMatch, MatchGrade } from './match-clause.ts';
import { indexModels, type ModelIndex, type ModelMatch } from './model-index.ts';
import { nameVariants, normalizeModelName, splitPrefix, type NamePrefix } from './model-name.ts';
import { nameProvider, nameProviderExactly, type NamedProvider } from './provider.ts';
import { mergeReasons, NO_REASONS, Reason, withReason } from './reason.ts';
import type { BookModel, BookProvider, PriceSnapshot } from './snapshot.ts';

/** What telemetry says about who answered a call. */
export interface CallNames {
  readonly provider?: string | undefined;
  readonly responseModel?: string | undefined;
  readonly model?: string | undefined;
  readonly requestModel?: string | undefined;
}

/** The entry of the price list for a call. */
export interface FoundModel {
  /** Who served the call. */
  readonly provider: BookProvider;
  /** Under whom the price list has the model; some sell others' models at their makers' prices. */
  readonly listedBy: BookProvider;
  readonly model: BookModel;
  readonly reasons: readonly Reason[];
}

/** Finds the entry for a call, or says why there is none. */
export type FindModel = (names: CallNames) => FoundModel | Reason;

type Finding = FoundModel | typeof Reason.LocalProvider | undefined;

// Each prefix of 'litellm/openrouter/openai/gpt-5' is a step; more are nobody's honest name.
const PREFIXES_MAX = 4;

// APIs that others imitate: their client libraries report them as provider whoever is asked.
const IMITATED: ReadonlySet<string> = new Set(['openai', 'anthropic']);

// Names that show their provider, which the price list's own patterns leave out.
const TELLTALE_NAMES: readonly { readonly pattern: RegExp; readonly providerId: string }[] = [
  { pattern: /:free$/, providerId: 'openrouter' },
  { pattern: /^ft:gpt-|^text-embedding-(?:3|ada)|^chatgpt-|^codex-mini|^omni-moderation/, providerId: 'openai' },
  {
    // Bedrock: 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'amazon.nova-pro-v1:0'.
    pattern:
      /^(?:(?:us|eu|apac|jp|au|ca|in|us-gov|global)\.)?(?:amazon|anthropic|meta|mistral|cohere|deepseek|openai|qwen|writer)\.[a-z]/,
    providerId: 'aws',
  },
];

const FREE_MODEL: BookModel = {
  id: '*:free',
  name: 'any model, free variant',
  match: { kind: 'ends_with', text: ':free' },
  periods: [{ fromMs: undefined, hours: undefined, prices: new Map() }],
};

/** Whether the list gives a model away: it shows no prices, and the name says why. */
export function isFreeModel(model: BookModel): boolean {
  return model.id.endsWith(':free') && model.periods.every(({ prices }) => prices.size === 0);
}

/** Prepares a price list for look-ups. Each provider's models are prepared when they are first needed. */
export function createModelFinder(snapshot: PriceSnapshot): FindModel {
  const providers = new Map(snapshot.providers.map((provider) => [provider.id, provider]));
  const indexes = new Map<BookProvider, ModelIndex>();
  const index = (provider: BookProvider): ModelIndex => {
    const known = indexes.get(provider) ?? indexModels(provider);
    indexes.set(provider, known);
    return known;
  };
  return (names) => findByNames(names, { providers, index });
}

interface PriceList {
  readonly providers: ReadonlyMap<string, BookProvider>;
  readonly index: (provider: BookProvider) => ModelIndex;
}

function findByNames(names: CallNames, list: PriceList): FoundModel | Reason {
  const provider = nameProvider(names.provider, list.providers);
  if (provider.kind === 'local') {
    return Reason.LocalProvider;
  }
  const models = [names.responseModel, names.model, names.requestModel].filter((name) => name?.trim());
  let outcome: FoundModel | Reason = models.length === 0 ? Reason.NoModel : Reason.UnknownModel;
  for (const model of models) {
    const found = findModel(provider, normalizeModelName(model ?? ''), list);
    if (found === Reason.LocalProvider) {
      return found;
    }
    if (found !== undefined && (hasPrices(found.model) || typeof outcome === 'string')) {
      outcome = model === models[0] ? found : also(found, Reason.RequestModelUsed);
    }
    if (typeof outcome !== 'string' && hasPrices(outcome.model)) {
      break;
    }
  }
  return outcome;
}

function hasPrices(model: BookModel): boolean {
  return isFreeModel(model) || model.periods.some(({ prices }) => prices.size > 0);
}

function findModel(named: NamedProvider, name: string, list: PriceList): Finding {
  if (name === '') {
    return undefined;
  }
  if (named.kind === 'local') {
    return Reason.LocalProvider;
  }
  if (named.kind === 'listed') {
    const found = findAtProvider(named.provider, name, list);
    return named.isGuess ? alsoIfFound(found, Reason.ProviderGuessed) : found;
  }
  const found = findAnywhere(name, list);
  if (found === undefined || found === Reason.LocalProvider) {
    return found;
  }
  // A guess at the model on top of one at the provider would be a guess at a number.
  const isGuess = found.reasons.includes(Reason.ModelGuessed);
  const assumption = named.kind === 'unnamed' ? Reason.ProviderInferred : Reason.ProviderUnknown;
  return isGuess ? undefined : alsoIfFound(found, assumption);
}

function findAtProvider(provider: BookProvider, name: string, list: PriceList, prefixes = 0): Finding {
  const found = findVariant(provider, name, list);
  if (found !== undefined) {
    return found;
  }
  const prefix = prefixes < PREFIXES_MAX ? splitPrefix(name) : undefined;
  const below = prefix === undefined ? undefined : findBelowPrefix(provider, prefix, list, prefixes + 1);
  if (below !== undefined || !IMITATED.has(provider.id)) {
    return below;
  }
  const maker = findTelltale(name, list) ?? findMaker(name, list);
  const made = maker === undefined || maker === provider ? undefined : findVariant(maker, name, list);
  // Only a name that fits exactly: 'deepseek-r1:8b' behind a compatible API is a local model, not DeepSeek's.
  return made?.reasons.length === 0 ? also(made, Reason.ProviderMismatch) : undefined;
}

function findBelowPrefix(
  provider: BookProvider,
  { head, separator, rest }: NamePrefix,
  list: PriceList,
  prefixes: number,
): Finding {
  const owner = nameProviderExactly(head, list.providers);
  if (owner?.kind === 'local') {
    return Reason.LocalProvider;
  }
  if (owner?.kind === 'unnamed' || (owner?.kind === 'listed' && owner.provider === provider)) {
    return findAtProvider(provider, rest, list, prefixes);
  }
  if (owner?.kind === 'listed' && IMITATED.has(provider.id)) {
    return alsoIfFound(findAtProvider(owner.provider, rest, list, prefixes), Reason.ProviderMismatch);
  }
  const found = separator === '/' ? findVariant(provider, rest, list) : undefined;
  return found?.reasons.length === 0 ? also(found, Reason.ModelPrefixDropped) : undefined;
}

/** Without a provider: the one that the name itself shows, else the model's maker. */
function findAnywhere(name: string, list: PriceList, prefixes = 0): Finding {
  const shown = findTelltale(name, list);
  const telltale = shown && findVariant(shown, name, list);
  if (telltale !== undefined) {
    return telltale;
  }
  const prefix = prefixes < PREFIXES_MAX ? splitPrefix(name) : undefined;
  const owner = prefix && nameProviderExactly(prefix.head, list.providers);
  if (owner?.kind === 'local') {
    return Reason.LocalProvider;
  }
  if (prefix !== undefined && owner?.kind === 'unnamed') {
    return findAnywhere(prefix.rest, list, prefixes + 1);
  }
  if (prefix !== undefined && owner?.kind === 'listed') {
    // LiteLLM's prefix is who serves, OpenRouter's and Hugging Face's is who made the model.
    return alsoIfFound(findAtProvider(owner.provider, prefix.rest, list, prefixes + 1), Reason.ProviderFromPrefix);
  }
  const maker = findMaker(name, list);
  return maker === undefined ? undefined : findVariant(maker, name, list);
}

function findTelltale(name: string, list: PriceList): BookProvider | undefined {
  const telltale = TELLTALE_NAMES.find(({ pattern }) => pattern.test(name));
  return telltale && list.providers.get(telltale.providerId);
}

function findMaker(name: string, list: PriceList): BookProvider | undefined {
  return [...list.providers.values()].find(
    ({ modelMatch }) => modelMatch !== undefined && gradeMatch(modelMatch, name) > MatchGrade.None,
  );
}

/** The name as it is, else the nearest variant of it that the provider has. */
function findVariant(provider: BookProvider, name: string, list: PriceList): FoundModel | undefined {
  const direct = findListed(provider, name, list);
  if (direct !== undefined) {
    return direct;
  }
  if (provider.id === 'openrouter' && name.endsWith(':free')) {
    return { provider, listedBy: provider, model: FREE_MODEL, reasons: [Reason.ModelGuessed] };
  }
  for (const variant of nameVariants(name)) {
    const found = findListed(provider, variant.name, list);
    if (found !== undefined) {
      return variant.reason === undefined ? found : also(found, variant.reason);
    }
  }
  return undefined;
}

function findListed(provider: BookProvider, name: string, list: PriceList): FoundModel | undefined {
  const fallbacks = provider.fallbackProviderIds
    .map((id) => list.providers.get(id))
    .filter((other) => other !== undefined);
  for (const listedBy of [provider, ...fallbacks]) {
    const match = list.index(listedBy)(name);
    if (match !== undefined) {
      return acceptMatch(provider, listedBy, match);
    }
  }
  return undefined;
}

function acceptMatch(provider: BookProvider, listedBy: BookProvider, match: ModelMatch): FoundModel | undefined {
  const isLoose = match.grade !== MatchGrade.Precise;
  // On Azure the name is whatever the customer called the deployment.
  if (isLoose && provider.id === 'azure') {
    return undefined;
  }
  return { provider, listedBy, model: match.model, reasons: isLoose ? [Reason.ModelGuessed] : NO_REASONS };
}

function also(found: FoundModel, reason: Reason): FoundModel {
  return { ...found, reasons: withReason(found.reasons, reason) };
}

function alsoIfFound(found: Finding, reason: Reason): Finding {
  return found === undefined || found === Reason.LocalProvider
    ? found
    : { ...found, reasons: mergeReasons([reason], found.reasons) };
}
