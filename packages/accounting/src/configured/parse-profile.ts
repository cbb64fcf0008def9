// Makes a profile of an operator's description.

import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { factsOf } from '../observe/resource-facts.ts';
import { globMatcher, type Matcher } from './glob.ts';
import { type Reading, readAs } from './read-as.ts';
import { BUCKET_NAMES, COST_AUTHORITIES, GRAIN_NAMES, ROLE_NAMES, type RoleName, WIRE_NAMES } from './profile-spec.ts';
import {
  checkBoolean,
  checkMap,
  checkNames,
  checkObject,
  checkOneOf,
  checkText,
  joinPath,
  optional,
  type SpecObject,
} from './spec-checks.ts';
import { ProfileSpecError, shown } from './spec-error.ts';

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const KEYS = [
  'name', 'title', 'match', 'role', 'role_from', 'usage', 'grain', 'model', 'provider', 'service_tier', 'response_id', 'session', 'conversation',
  'agent', 'workflow', 'workflow_version', 'user', 'tool', 'cost_usd', 'error', 'wire', 'purpose',
]; // prettier-ignore

/**
 * Makes a profile of a description (see {@link ProfileSpec}), as it came out of a YAML or JSON file. It goes before the built-in ones:
 * `new ProfileList([...own, ...BUILT_IN_PROFILES])`.
 *
 * @throws ProfileSpecError when the description cannot be used; its message says where and why.
 */
export function parseProfileSpec(spec: unknown): Profile {
  const object = checkObject(spec, '', KEYS);
  const name = checkText(object.get('name'), 'name');
  if (name.length > 64 || !NAME.test(name))
    throw new ProfileSpecError('name', `expected lower-case words joined by dashes, received ${shown(name)}`);
  const match = checkMatch(object.get('match'));
  const reading = checkReading(object);
  return {
    name,
    title: optional(object, 'title', '', checkText) ?? name,
    marks: match.marks,
    scopes: match.scopes,
    readsBare: true,
    claims: match.claims,
    read: (record, draft) => {
      readAs(reading, record, draft);
    },
  };
}

interface Match {
  readonly marks: readonly string[];
  readonly scopes: readonly string[];
  readonly claims: (record: TelemetryRecord) => boolean;
}

function checkMatch(value: unknown): Match {
  const object = checkObject(value, 'match', ['attributes', 'scope', 'span_name', 'service']);
  const scope = optional(object, 'scope', 'match', checkText);
  const spanName = optional(object, 'span_name', 'match', checkGlob);
  const service = optional(object, 'service', 'match', checkGlob);
  const conditions = optional(object, 'attributes', 'match', checkConditions) ?? [];
  if (object.size === 0 || (object.size === 1 && object.has('attributes') && conditions.length === 0))
    throw new ProfileSpecError('match', 'expected a condition: attributes, scope, span_name or service');
  const scopeMatches = scope === undefined ? undefined : globMatcher(scope);
  // An attribute points to candidates at no cost; without one the scope does, and every span has one.
  const [first] = conditions;
  return {
    marks: first === undefined ? [] : [first.name],
    scopes: first !== undefined ? [] : [scope === undefined || /\*./.test(scope) ? '*' : scope],
    claims: (record) =>
      record.signal === 'span' &&
      (scopeMatches === undefined || scopeMatches(record.scope.name)) &&
      (spanName === undefined || spanName(record.name)) &&
      (service === undefined || service(factsOf(record.resource).service)) &&
      conditions.every(({ name, holds }) => holds(record, name)),
  };
}

function checkGlob(value: unknown, path: string): Matcher {
  return globMatcher(checkText(value, path));
}

interface Condition {
  readonly name: string;
  readonly holds: (record: TelemetryRecord, name: string) => boolean;
}

function checkConditions(value: unknown, path: string): readonly Condition[] {
  return [...checkMap(value, path)].map(([name, wanted]) => {
    if (name === '') throw new ProfileSpecError(path, 'expected names of attributes, received ""');
    if (wanted === true) return { name, holds: ({ attributes }) => attributes.has(name) };
    if (wanted === false || typeof wanted === 'number')
      return { name, holds: ({ attributes }) => attributes.get(name) === wanted };
    const matches = globMatcher(checkText(wanted, joinPath(path, name)));
    return { name, holds: ({ attributes }) => matches(attributes.string(name) ?? '') };
  });
}

function checkReading(object: SpecObject): Reading {
  const part = <T>(key: string, check: (value: unknown, path: string) => T): T | undefined =>
    optional(object, key, '', check);
  return {
    roleOf: checkRole(object),
    usage: part('usage', checkUsage),
    grain: part('grain', (value, path) => checkOneOf(value, path, GRAIN_NAMES)),
    names: {
      model: part('model', checkSource),
      provider: part('provider', checkSource),
      serviceTier: part('service_tier', checkSource),
      agent: part('agent', checkSource),
      workflow: part('workflow', checkSource),
      workflowVersion: part('workflow_version', checkSource),
      tool: part('tool', checkSource),
      responseId: part('response_id', checkNames),
      session: part('session', checkNames),
      conversation: part('conversation', checkNames),
      user: part('user', checkNames),
      error: part('error', checkNames),
    },
    cost: part('cost_usd', checkCost),
    wire: part('wire', (value, path) => checkOneOf(value, path, WIRE_NAMES)) ?? 'framework',
    purpose: part('purpose', checkText) ?? '',
  };
}

function checkRole(object: SpecObject): Reading['roleOf'] {
  if (object.has('role') === object.has('role_from'))
    throw new ProfileSpecError(
      'role',
      'expected either role or role_from, received ' + (object.has('role') ? 'both' : 'neither'),
    );
  if (object.has('role')) {
    const always = checkRoleName(object.get('role'), 'role');
    return () => always;
  }
  const from = checkObject(object.get('role_from'), 'role_from', ['attribute', 'map', 'otherwise']);
  const attribute = checkText(from.get('attribute'), 'role_from.attribute');
  const map = new Map(
    [...checkMap(from.get('map'), 'role_from.map')].map(([value, named]): [string, RoleName] => [
      value,
      checkRoleName(named, joinPath('role_from.map', value)),
    ]),
  );
  const otherwise = optional(from, 'otherwise', 'role_from', checkRoleName) ?? 'lineage';
  return ({ attributes }) => map.get(attributes.string(attribute) ?? '') ?? otherwise;
}

function checkRoleName(value: unknown, path: string): RoleName {
  return checkOneOf(value, path, ROLE_NAMES);
}

function checkUsage(value: unknown, path: string): NonNullable<Reading['usage']> {
  const parts = ['input', 'output', 'total', 'cache_read', 'cache_write', 'cache_write_1h', 'reasoning', 'object'];
  const object = checkObject(value, path, [...parts, 'cache', 'reasoning_bucket', 'estimated']);
  const names = (key: string): readonly string[] | undefined => optional(object, key, path, checkNames);
  const bucket = (key: string): (typeof BUCKET_NAMES)[number] =>
    optional(object, key, path, (one, at) => checkOneOf(one, at, BUCKET_NAMES)) ?? 'auto';
  return {
    parts: {
      input: names('input'),
      output: names('output'),
      total: names('total'),
      cacheRead: names('cache_read'),
      cacheWrite: names('cache_write'),
      cacheWrite1h: names('cache_write_1h'),
      reasoning: names('reasoning'),
    },
    object: names('object'),
    cache: bucket('cache'),
    reasoning: bucket('reasoning_bucket'),
    isEstimated: optional(object, 'estimated', path, checkBoolean) ?? false,
  };
}

/** Names of attributes, or `{constant: 'openai'}`. */
function checkSource(value: unknown, path: string): readonly string[] | { readonly constant: string } {
  if (typeof value !== 'object' || Array.isArray(value)) return checkNames(value, path);
  return { constant: checkText(checkObject(value, path, ['constant']).get('constant'), `${path}.constant`) };
}

function checkCost(value: unknown, path: string): NonNullable<Reading['cost']> {
  const object = checkObject(value, path, ['from', 'by']);
  return {
    from: checkNames(object.get('from'), `${path}.from`),
    by: optional(object, 'by', path, (one, at) => checkOneOf(one, at, COST_AUTHORITIES)) ?? 'client_table',
  };
}
