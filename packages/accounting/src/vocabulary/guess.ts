// Reads an attribute name nobody listed by the words in it, so that a producer nobody has heard of is still counted (design §3, point 13).

import { Field } from './fields.ts';

/** Names with these words hold limits, rates, money or other people's sums: never a call's tokens. */
const NOT_A_COUNT = new Set([
  'max', 'min', 'limit', 'budget', 'remaining', 'quota', 'price', 'cost', 'rate', 'per', 'avg', 'average', 'mean', 'aggregated',
  'aggregate', 'accumulated', 'cumulative', 'lifetime', 'session', 'conversation', 'details', 'predicted', 'count_tokens', 'tokenizer',
  'window', 'ratio', 'percent', 'estimated', 'threshold', 'allowed', 'second', 'seconds', 'ms',
]); // prettier-ignore

/** Namespaces of the general conventions, whose `session`, `user` or `system` is not the agent's. */
const FOREIGN_NAMESPACES = new Set([
  'aws', 'azure', 'browser', 'client', 'cloud', 'container', 'db', 'device', 'faas', 'gcp', 'geo', 'host', 'http', 'k8s', 'messaging', 'net',
  'network', 'os', 'peer', 'process', 'rpc', 'server', 'source', 'telemetry', 'thread', 'tls', 'url', 'webengine',
]); // prettier-ignore

/**
 * Field that an unlisted attribute name most likely means, or undefined.
 *
 * `myagent.tokens.prompt` → INPUT, `llm.completionTokens` → OUTPUT, `app.chat_id` → CONVERSATION, `llm.max_tokens` → undefined.
 */
export function guessField(name: string): Field | undefined {
  if (name.length > 100) return undefined;
  const words = wordsOf(name);
  const first = words[0];
  if (first === undefined || FOREIGN_NAMESPACES.has(first)) return undefined;
  return guessCount(words) ?? guessIdentity(words);
}

/** `myagent.promptTokens` → ['myagent', 'prompt', 'tokens']. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1.$2')
    .toLowerCase()
    .split(/[._\-/:\s]+/)
    .filter((word) => word !== '');
}

function guessCount(words: readonly string[]): Field | undefined {
  const has = (...any: readonly string[]): boolean => any.some((word) => words.includes(word));
  if (!has('tokens', 'token', 'usage') || words.some((word) => NOT_A_COUNT.has(word))) return undefined;
  if (has('audio', 'image', 'video', 'text')) return guessModality(has);
  if (has('cache', 'cached'))
    return has('write', 'creation', 'created', 'written') ? Field.CACHE_WRITE : Field.CACHE_READ;
  if (has('reasoning', 'thinking', 'thoughts', 'thought')) return Field.REASONING;
  const input = has('input', 'prompt', 'in', 'request');
  const output = has('output', 'completion', 'generated', 'out', 'response', 'candidates');
  if (has('total')) return input || output ? undefined : Field.TOTAL;
  if (input !== output) return input ? Field.INPUT : Field.OUTPUT;
  return undefined;
}

function guessModality(has: (...any: readonly string[]) => boolean): Field | undefined {
  const output = has('output', 'completion');
  if (has('cache', 'cached')) return undefined;
  if (has('audio')) return output ? Field.OUTPUT_AUDIO : Field.INPUT_AUDIO;
  if (has('image')) return output ? Field.OUTPUT_IMAGE : Field.INPUT_IMAGE;
  return undefined;
}

/** The last words of a name, and the field they mean. */
const IDENTITIES: readonly (readonly [RegExp, Field])[] = [
  [/(^| )session id$/, Field.SESSION],
  [/(^| )(conversation|thread|chat|dialog|dialogue) id$/, Field.CONVERSATION],
  [/(^| )(agent|assistant|speaker) name$/, Field.AGENT],
  [/(^| )agent( role)?$/, Field.AGENT],
  [/(^| )agent id$/, Field.AGENT_ID],
  [/(^| )(workflow|crew|team|pipeline) name$/, Field.WORKFLOW],
  [/(^| )(user|enduser) id$/, Field.USER],
  [/(^| )(llm|ai|model) (model|name|model name|model id|id)$/, Field.REQUEST_MODEL],
  [/(^| )response model( name| id)?$/, Field.RESPONSE_MODEL],
  [/(^| )request model( name| id)?$/, Field.REQUEST_MODEL],
  [/^model$/, Field.REQUEST_MODEL],
  [/(^| )response id$/, Field.RESPONSE_ID],
  [/(^| )(llm|ai|model) (provider|vendor|system)$/, Field.PROVIDER],
  [/(^| )(llm|ai) operation( name)?$/, Field.OPERATION],
  [/(^| )tool name$/, Field.TOOL],
];

function guessIdentity(words: readonly string[]): Field | undefined {
  const phrase = words.join(' ');
  return IDENTITIES.find(([pattern]) => pattern.test(phrase))?.[1];
}
