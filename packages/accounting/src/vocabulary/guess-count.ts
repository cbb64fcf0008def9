// Which token count a name nobody listed holds, by the words in it.

import { Field } from './fields.ts';

/** Names with these words hold limits, rates, money, estimates or other people's sums: never a call's tokens. */
const NOT_A_COUNT = new Set([
  // Limits and leftovers.
  'max', 'maximum', 'min', 'minimum', 'limit', 'limits', 'budget', 'remaining', 'left', 'available', 'quota', 'allowed', 'allowance', 'cap',
  'threshold', 'reserve', 'reserved', 'requested', 'balance', 'credit', 'credits', 'granted', 'window', 'capacity', 'bucket',
  // Rates and statistics.
  'per', 'rate', 'rates', 'avg', 'average', 'mean', 'median', 'p50', 'p95', 'p99', 'ratio', 'percent', 'percentage', 'pct', 'fraction', 'tps',
  'tpm', 'second', 'seconds', 'sec', 'ms', 'minute', 'hour', 'day', 'daily', 'month', 'monthly', 'speed', 'throughput', 'latency', 'time',
  // Money.
  'price', 'prices', 'pricing', 'cost', 'costs', 'usd', 'cents', 'dollars',
  // Guesses and plans.
  'estimated', 'estimate', 'expected', 'projected', 'predicted', 'prediction', 'forecast', 'planned', 'target', 'approx', 'approximate',
  // What others spent, or what was spent over a life time.
  'accumulated', 'cumulative', 'lifetime', 'session', 'conversation', 'history', 'overall', 'running', 'previous', 'baseline', 'established', 'saved', 'savings',
  'wasted', 'uncached', 'non', 'no', 'miss', 'misses', 'dropped', 'truncated', 'rejected', 'accepted',
  // Texts that are counted before they are sent, and tokens of another trade.
  'tokenizer', 'tokenize', 'vocab', 'vocabulary', 'sequence', 'auth', 'oauth', 'access', 'refresh', 'bearer', 'jwt', 'csrf', 'xsrf', 'id', 'ids',
  'secret', 'type', 'types', 'name', 'length', 'len', 'hash', 'index',
]); // prettier-ignore

/** Right before the count these name a part of the prompt or of the answer, whose whole is elsewhere; as a namespace they mean nothing. */
const PARTS = new Set([
  'system', 'context', 'template', 'schema', 'instructions', 'document', 'documents', 'chunk', 'chunks', 'tool', 'tools', 'text', 'video',
  'stop', 'user', 'special',
]); // prettier-ignore
/** How many of the last words are right before the count: `tool_use_prompt_tokens`. */
const PART_REACH = 4;

const INPUT_STRONG = new Set(['input', 'inputs', 'prompt', 'prompts']);
const OUTPUT_STRONG = new Set(['output', 'outputs', 'completion', 'completions', 'candidates', 'generated']);
const INPUT_WEAK = new Set(['in', 'request', 'sent', 'question']);
const OUTPUT_WEAK = new Set(['out', 'response', 'received', 'generation', 'answer', 'reply']);
const COUNTERS = new Set([
  'count',
  'counts',
  'usage',
  'used',
  'num',
  'number',
  'total',
  'sum',
  'n',
  'of',
  'consumed',
  'spent',
  'billed',
]);
const CACHE = new Set(['cache', 'cached', 'caching', 'ephemeral']);
const CACHE_WRITTEN = new Set(['write', 'writes', 'written', 'creation', 'created', 'create', 'store', 'stored']);
const REASONING = new Set(['reasoning', 'thinking', 'thoughts', 'thought', 'reason']);

/** Does the name speak of something that is not one call's usage? */
export function isNoCount(words: readonly string[]): boolean {
  const near = words.slice(Math.max(words.lastIndexOf('usage') + 1, words.length - PART_REACH));
  return (
    words.some((word) => NOT_A_COUNT.has(word)) ||
    near.some((word, at) => PARTS.has(word) && near[at + 1] !== 'completion')
  );
}

/** Field of a count, and whether the words leave no doubt. */
export interface CountGuess {
  readonly field: Field;
  readonly isSure: boolean;
}

/** `llm response usage prompt tokens` → INPUT; `llm max tokens` → undefined. */
export function guessCount(words: readonly string[]): CountGuess | undefined {
  const has = (set: ReadonlySet<string>): boolean => words.some((word) => set.has(word));
  const at = words.findLastIndex((word) => word === 'tokens' || word === 'token' || word === 'toks');
  const direction = directionOf(words, at);
  if (!countsTokens(words, at, direction) || isNoCount(words)) return ollamaCount(words);
  if (words.includes('aggregated') || words.includes('aggregate')) return sumOf(direction);
  if (words.includes('audio') || words.includes('image')) return modalityOf(words, direction, has(CACHE));
  if (has(CACHE)) return cacheOf(words, direction, has(CACHE_WRITTEN));
  if (has(REASONING)) return direction === 'in' ? undefined : sure(Field.REASONING);
  // `input_tokens_details` is a part of the whole that nobody named here.
  if (words.includes('details') || words.includes('detail')) return undefined;
  if (direction !== undefined) return sure(direction === 'in' ? Field.INPUT : Field.OUTPUT);
  return { field: Field.TOTAL, isSure: words.includes('total') };
}

/** Does the name count tokens of a model? `request token` is a credential, `token usage` is not. */
function countsTokens(words: readonly string[], at: number, direction: 'in' | 'out' | undefined): boolean {
  if (at === -1) return words.includes('usage') && (direction !== undefined || isPartOfUsage(words));
  if (words[at] !== 'token') return true;
  const near = [words[at - 1] ?? '', words[at + 1] ?? ''];
  const isNear = (set: ReadonlySet<string>): boolean => near.some((word) => set.has(word));
  return words.some((word) => COUNTERS.has(word)) || [INPUT_STRONG, OUTPUT_STRONG, REASONING, CACHE].some(isNear);
}

/** `usage.total`, `usage.cache_read`, `usage.reasoning`: parts that carry no word for tokens. */
function isPartOfUsage(words: readonly string[]): boolean {
  const after = words.slice(words.indexOf('usage') + 1);
  return after.at(-1) === 'total' || after.some((word) => REASONING.has(word) || CACHE.has(word));
}

/**
 * The side that the word nearest to `tokens` names. Namespaces come first and mean less: in `llm.response.usage.prompt_tokens` it is
 * the prompt that counts.
 */
function directionOf(words: readonly string[], at: number): 'in' | 'out' | undefined {
  if (at === -1) {
    // Without a word for tokens only `usage.<side>` says it, at the end of the name.
    const usage = words.lastIndexOf('usage');
    return usage === -1 ? undefined : words.slice(usage + 1).reduce<'in' | 'out' | undefined>(strongest, undefined);
  }
  for (const step of [-1, 1]) {
    let near = at + step;
    while (COUNTERS.has(words[near] ?? '')) near += step;
    const side = sideOf(words[near] ?? '', true);
    if (side !== undefined) return side;
  }
  return words.toReversed().reduce<'in' | 'out' | undefined>(strongest, undefined);
}

function strongest(known: 'in' | 'out' | undefined, word: string): 'in' | 'out' | undefined {
  return known ?? sideOf(word, false);
}

function sideOf(word: string, withWeak: boolean): 'in' | 'out' | undefined {
  if (INPUT_STRONG.has(word) || (withWeak && INPUT_WEAK.has(word))) return 'in';
  return OUTPUT_STRONG.has(word) || (withWeak && OUTPUT_WEAK.has(word)) ? 'out' : undefined;
}

function cacheOf(
  words: readonly string[],
  direction: 'in' | 'out' | undefined,
  isWritten: boolean,
): CountGuess | undefined {
  if (direction === 'out') return undefined;
  if (words.includes('5m')) return sure(Field.CACHE_WRITE_5M);
  if (words.includes('1h')) return sure(Field.CACHE_WRITE_1H);
  return sure(isWritten ? Field.CACHE_WRITE : Field.CACHE_READ);
}

function modalityOf(
  words: readonly string[],
  direction: 'in' | 'out' | undefined,
  isCached: boolean,
): CountGuess | undefined {
  if (isCached || direction === undefined) return undefined;
  const [input, output] = words.includes('audio')
    ? [Field.INPUT_AUDIO, Field.OUTPUT_AUDIO]
    : [Field.INPUT_IMAGE, Field.OUTPUT_IMAGE];
  return sure(direction === 'in' ? input : output);
}

function sumOf(direction: 'in' | 'out' | undefined): CountGuess | undefined {
  return direction === undefined ? undefined : sure(direction === 'in' ? Field.SUM_INPUT : Field.SUM_OUTPUT);
}

/** Ollama counts evaluations: `prompt_eval_count` is the prompt, `eval_count` the answer. */
function ollamaCount(words: readonly string[]): CountGuess | undefined {
  const [before, evaluation, count] = words.slice(-3);
  if (evaluation !== 'eval' || count !== 'count') return undefined;
  if (before === 'prompt') return sure(Field.INPUT);
  return before === 'ollama' || before === 'response' || before === 'llm' || before === 'usage'
    ? sure(Field.OUTPUT)
    : undefined;
}

function sure(field: Field): CountGuess {
  return { field, isSure: true };
}
