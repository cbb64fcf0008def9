// Reads an attribute name nobody listed by the words in it, so that a producer nobody has heard of is still counted (design §3, point 13).

import { Field } from './fields.ts';
import { guessCount, isNoCount } from './guess-count.ts';
import { wordsOf } from './words.ts';

/** Longer names are no names of fields (characters). */
const NAME_LENGTH_MAX = 120;

/** Namespaces of the general conventions, whose `session`, `user`, `model` or `system` is not the agent's. */
const FOREIGN_NAMESPACES = new Set([
  'apm', 'auth', 'aws', 'azure', 'browser', 'cassandra', 'cicd', 'client', 'cloud', 'code', 'container', 'cpu', 'datadog', 'db', 'dd', 'device',
  'disk', 'elastic', 'elasticsearch', 'event', 'faas', 'feature', 'gcp', 'geo', 'graphql', 'host', 'http', 'jvm', 'k8s', 'mcp', 'memory', 'messaging',
  'mongodb', 'net', 'network', 'newrelic', 'oauth', 'os', 'peer', 'process', 'rpc', 'server', 'signalfx', 'source', 'splunk', 'system',
  'telemetry', 'tls', 'url', 'vcs', 'webengine',
]); // prettier-ignore

/** A field that a name most likely means; weak where other readings are nearly as likely. */
export interface Guess {
  readonly field: Field;
  readonly isSure: boolean;
}

/**
 * Field that an unlisted attribute name most likely means, or undefined.
 *
 * `myagent.tokens.prompt` → INPUT, `llm.completionTokens` → OUTPUT, `app.chat_id` → CONVERSATION, `llm.max_tokens` → undefined.
 */
export function guessField(name: string): Guess | undefined {
  if (name.length > NAME_LENGTH_MAX) return undefined;
  const words = wordsOf(name);
  const first = words[0];
  if (first === undefined || FOREIGN_NAMESPACES.has(first)) return undefined;
  const phrase = words.join(' ');
  const found = guessCount(words) ?? guessWhole(phrase, words) ?? guessIdentity(phrase);
  // `thread.id` is an operating system's thread wherever it stands alone.
  return found?.field === Field.CONVERSATION && phrase === 'thread id'
    ? name.includes('.')
      ? undefined
      : weak(found.field)
    : found;
}

/** Names that hold the whole usage as an object, and such as may hold an answer with the usage in it. */
const USAGE_OBJECTS =
  /(^| )(usage|token usage|tokens usage|usage metadata|usage details|usage info|usage stats|token counts|llm metrics)$/;
const ANSWERS =
  /(^| )(llm|ai|model|raw|api|chat|completion|generation|openai|anthropic|claude|gemini|bedrock|mistral|cohere|ollama) (response|result|output)( (body|json|metadata|data))?$|^response( (body|json|metadata))?$/;

function guessWhole(phrase: string, words: readonly string[]): Guess | undefined {
  if (USAGE_OBJECTS.test(phrase)) return isNoCount(words) ? undefined : sure(Field.USAGE_OBJECT);
  return ANSWERS.test(phrase) ? weak(Field.USAGE_OBJECT) : undefined;
}

/** The last words of a name, and the field they mean. */
const IDENTITIES: readonly (readonly [RegExp, Field])[] = [
  [/(^| )session (id|key|uuid|uid)$/, Field.SESSION],
  [/(^| )(conversation|thread|chat|dialog|dialogue|room) (id|key|uuid|uid)$/, Field.CONVERSATION],
  [/(^| )(agent|assistant|speaker|participant|persona|bot|actor) name$/, Field.AGENT],
  [/(^| )(agent|speaker)( role)?$/, Field.AGENT],
  [/(^| )(agent|assistant) id$/, Field.AGENT_ID],
  [/(^| )(workflow|crew|team|pipeline|flow|graph|scenario) name$/, Field.WORKFLOW],
  [/(^| )(workflow|crew|team|flow|graph|scenario) version$/, Field.WORKFLOW_VERSION],
  [/(^| )(user|enduser|end user) id$/, Field.USER],
  [/(^| )response model( name| id)?$/, Field.RESPONSE_MODEL],
  [/(^| )request model( name| id)?$/, Field.REQUEST_MODEL],
  [/(^| )(llm|ai|model) (model|name|model name|model id|id)$/, Field.REQUEST_MODEL],
  [/(^| )model$/, Field.REQUEST_MODEL],
  [/(^| )(response|completion|generation) id$/, Field.RESPONSE_ID],
  [/(^| )(llm|ai|model) (provider|vendor|system|host|backend)$/, Field.PROVIDER],
  [/(^| )provider( name)?$/, Field.PROVIDER],
  [/(^| )(llm|ai|model|chat) (operation|request type|call type|task)( name)?$/, Field.OPERATION],
  [/^operation$/, Field.OPERATION],
  [/(^| )(finish|stop) reasons?$/, Field.FINISH_REASONS],
  [/(^| )tool name$/, Field.TOOL],
  [/(^| )tool call id$/, Field.TOOL_CALL_ID],
  [/(^| )(span|observation|node|entity|component|run|step|trace|call) (kind|type)$|^(kind|type)$/, Field.KIND],
  [/(^| )(llm|ai|usage|total|call|request) cost( usd| total)?$|(^| )cost usd$|^cost( total)?$/, Field.COST_USD],
];

/** Browsers, monitoring and builds have names for their own. */
const FOREIGN_PHRASES = /user agent|(^| )(apm|monitoring|build|ci|cd|feature flag|payment|identity|data|view) /;

function guessIdentity(phrase: string): Guess | undefined {
  if (FOREIGN_PHRASES.test(phrase)) return undefined;
  const field = IDENTITIES.find(([pattern]) => pattern.test(phrase))?.[1];
  return field === undefined ? undefined : sure(field);
}

function sure(field: Field): Guess {
  return { field, isSure: true };
}

function weak(field: Field): Guess {
  return { field, isSure: false };
}
