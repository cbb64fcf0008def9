// The agent's redaction as processors of the Collector, in OTTL: parts are lifted out of texts, everything but known attributes goes, and
// the parts take the place of their texts. In that order, so that a rule that fails loses its part and leaks nothing.

import { keepKeys, resourceKeys } from './keep-keys.ts';
import { type LiftedPart, LIFTED_PARTS, type Part, Place } from './lifted-parts.ts';

/** Statements for records of one kind, as `transform` processors take them. */
interface StatementGroup {
  readonly context: string;
  readonly statements: readonly string[];
}

export interface TransformProcessor {
  readonly error_mode: 'silent' | 'propagate';
  readonly trace_statements: readonly StatementGroup[];
  readonly log_statements: readonly StatementGroup[];
  readonly metric_statements?: readonly StatementGroup[];
}

/** By the names under which pipelines list them, in this order. */
export function redactionProcessors(): Readonly<Record<string, TransformProcessor>> {
  const keys = [...keepKeys(), ...LIFTED_PARTS.map(({ key }) => liftedKey(key))];
  return {
    'transform/lift': {
      // A text that is no JSON after all, one megabyte of it or every second time: no reason for a line in the log each.
      error_mode: 'silent',
      trace_statements: [{ context: 'span', statements: liftFrom(Place.SPAN) }],
      log_statements: [{ context: 'log', statements: liftFrom(Place.LOG) }],
    },
    'transform/keep': {
      // None of these can fail; if one did, what it was to redact must not go on.
      error_mode: 'propagate',
      trace_statements: [
        { context: 'resource', statements: [keep('resource', resourceKeys())] },
        { context: 'span', statements: [keep('span', keys), 'set(span.status.message, "")'] },
        { context: 'spanevent', statements: [keep('spanevent', keepKeys())] },
      ],
      log_statements: [
        { context: 'resource', statements: [keep('resource', resourceKeys())] },
        { context: 'log', statements: [keep('log', keys), LOG_BODY] },
      ],
      metric_statements: [
        { context: 'resource', statements: [keep('resource', resourceKeys())] },
        { context: 'datapoint', statements: DATAPOINT },
      ],
    },
    'transform/lower': {
      error_mode: 'propagate',
      trace_statements: [{ context: 'span', statements: lowerFrom(Place.SPAN) }],
      log_statements: [{ context: 'log', statements: lowerFrom(Place.LOG) }],
    },
  };
}

/** Coding agents put the name of the event there: `claude_code.api_request`. */
const LOG_BODY = `set(log.body, "") where not IsString(log.body) or not IsMatch(log.body, ${literal('^[a-z][a-z0-9_]*(\\.[a-z0-9_]+){1,5}$')})`;

/**
 * Points that differ only in what goes would become one series, in which the later of them hides the earlier: what went stays told apart by
 * its digest.
 */
const DATAPOINT = [
  'set(datapoint.cache["count"], Len(datapoint.attributes))',
  'set(datapoint.cache["digest"], SHA256(String(datapoint.attributes)))',
  keep('datapoint', keepKeys()),
  'set(datapoint.attributes["turnmeter.redacted"], datapoint.cache["digest"]) where Len(datapoint.attributes) < datapoint.cache["count"]',
];

function keep(context: string, keys: readonly string[]): string {
  return `keep_keys(${context}.attributes, [${keys.map(literal).join(', ')}])`;
}

function liftedKey(key: string): string {
  return `turnmeter.lifted.${key}`;
}

function liftFrom(place: Place): readonly string[] {
  return LIFTED_PARTS.filter(({ places }) => places.includes(place)).flatMap((lifted) => lift(place, lifted));
}

function lowerFrom(place: Place): readonly string[] {
  return LIFTED_PARTS.filter(({ places }) => places.includes(place)).flatMap(({ key }) => {
    const from = attribute(place, liftedKey(key));
    return [
      `set(${attribute(place, key)}, ${from}) where ${from} != nil`,
      `delete_key(${place}.attributes, ${literal(liftedKey(key))})`,
    ];
  });
}

function lift(place: Place, { key, part }: LiftedPart): readonly string[] {
  const text = attribute(place, key);
  const to = attribute(place, liftedKey(key));
  if ('presence' in part) return [`set(${to}, "redacted") where ${text} != nil`];
  return 'members' in part ? liftMembers(place, { text, to, part }) : liftPatterns(place, { text, to, part });
}

interface Lifting<P> {
  readonly text: string;
  readonly to: string;
  readonly part: P;
}

function liftMembers(
  place: Place,
  { text, to, part }: Lifting<Extract<Part, { members: unknown }>>,
): readonly string[] {
  const object = `${place}.cache["object"]`;
  const inner = (part.inner ?? []).map((name) => {
    const from = `${object}[${literal(name)}]`;
    return `merge_maps(${object}, ${from}, "insert") where IsMap(${object}) and IsMap(${from})`;
  });
  return [
    `delete_key(${place}.cache, "object")`,
    `set(${object}, ParseJSON(${text})) where IsString(${text}) and IsMatch(${text}, ${literal('^\\s*\\{')})`,
    ...inner,
    `keep_keys(${object}, [${part.members.map(literal).join(', ')}]) where IsMap(${object})`,
    `set(${to}, String(${object})) where IsMap(${object}) and Len(${object}) > 0`,
  ];
}

function liftPatterns(
  place: Place,
  { text, to, part }: Lifting<Extract<Part, { patterns: unknown }>>,
): readonly string[] {
  const found = `${place}.cache["found"]`;
  const parts = `${place}.cache["parts"]`;
  return [
    `set(${parts}, "") where IsString(${text})`,
    ...part.patterns.flatMap(({ pattern, text: shape }) => [
      `delete_key(${place}.cache, "found")`,
      `set(${found}, ExtractPatterns(${text}, ${literal(pattern)})) where IsString(${text})`,
      `set(${parts}, Concat([${parts}, Format(${literal(shape)}, [${found}["v"]])], "")) where IsMap(${found}) and ${found}["v"] != nil`,
    ]),
    `set(${to}, ${parts}) where IsString(${text}) and ${parts} != ""`,
  ];
}

function attribute(place: Place, key: string): string {
  return `${place}.attributes[${literal(key)}]`;
}

/** OTTL's strings are escaped as JSON's are. */
function literal(text: string): string {
  return JSON.stringify(text);
}
