// Defaults, then the file, then the environment, then the command line; checked and frozen. Unknown names are refused: a setting that
// is spelled wrong must not silently be the default.

import { readFileSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from './config-error.ts';
import type { Config } from './config.ts';
import { configSchema } from './schema.ts';
import { listSettings, type Setting, VARIABLE_PREFIX } from './settings.ts';

/** Variables that are no settings: where the settings are, where a command finds a running service, and what it sends there. */
const OTHER_VARIABLES = [
  'TURNMETER_CONFIG',
  'TURNMETER_URL',
  'TURNMETER_KEY',
  'TURNMETER_TENANT',
  'TURNMETER_WEBHOOK_SECRET',
];

export interface ConfigSources {
  /** YAML or JSON; `TURNMETER_CONFIG` when left out, none when that is unset. */
  readonly file?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settings from the command line by path; undefined ones are left out. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

/** @throws {ConfigError} that names every problem. */
export function parseConfig(sources: ConfigSources): Config {
  const problems: string[] = [];
  const tree = readFile(sources.file ?? sources.env['TURNMETER_CONFIG']);
  const settings = listSettings();
  for (const [path, value] of Object.entries(sources.flags ?? {})) if (value !== undefined) setAt(tree, path, value);
  for (const [variable, text] of Object.entries(sources.env)) {
    if (!variable.startsWith(VARIABLE_PREFIX) || text === undefined || OTHER_VARIABLES.includes(variable)) continue;
    const setting = settings.find((one) => one.variable === variable);
    if (setting === undefined) problems.push(unknownVariable(variable, settings));
    else if (!hasAt(sources.flags, setting.path)) setAt(tree, setting.path, readVariable(setting, text));
  }
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => describe(issue, settings)));
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  const config = parsed.data as Config;
  checkExposure(config);
  return deepFreeze(config);
}

type Tree = Record<string, unknown>;

function readFile(file: string | undefined): Tree {
  if (file === undefined || file === '') return {};
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`the file ${file} cannot be read (${(error as Error).message})`]);
  }
  try {
    const tree: unknown = parseYaml(text) ?? {};
    if (typeof tree === 'object' && tree !== null && !Array.isArray(tree)) return tree as Tree;
    throw new ConfigError([`${file} must hold a map of settings, not ${Array.isArray(tree) ? 'a list' : typeof tree}`]);
  } catch (error) {
    if (error instanceof YAMLParseError) throw new ConfigError([`${file} is not YAML: ${error.message}`]);
    throw error;
  }
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

function readVariable({ kind }: Setting, text: string): unknown {
  if (kind === 'flag') return FLAGS.get(text.trim().toLowerCase()) ?? text;
  if (kind !== 'number') return text;
  // Left as text when it is no number, so that the schema's message shows what was given.
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function unknownVariable(variable: string, settings: readonly Setting[]): string {
  const known = [...settings.map((setting) => setting.variable).filter((name) => name !== ''), ...OTHER_VARIABLES];
  return `${variable} is not a setting${suggest(variable, known)}`;
}

function describe(issue: z.core.$ZodIssue, settings: readonly Setting[]): readonly string[] {
  const at = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${at === '' ? 'the file' : at}: ${issue.message}`];
  const siblings = [
    ...new Set(
      settings.flatMap(({ path }) =>
        path.startsWith(at === '' ? '' : `${at}.`)
          ? (path.slice(at === '' ? 0 : at.length + 1).split('.')[0] ?? [])
          : [],
      ),
    ),
  ];
  return issue.keys.map((key) => `${at === '' ? key : `${at}.${key}`} is not a setting${suggest(key, siblings)}`);
}

/** `; did you mean "otlp"?` when something is near. */
function suggest(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const nearest = closest(name, known);
  return distance(name, nearest) <= Math.max(2, name.length / 3) ? `; did you mean "${nearest}"?` : '';
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Whoever can reach an open port without keys can read and write every tenant. */
function checkExposure({ keys, otlp, http }: Config): void {
  const exposed = [otlp.host, http.host].filter((host) => !LOOPBACK.has(host));
  if (keys.length > 0 || exposed.length === 0) return;
  throw new ConfigError([
    `listening on ${exposed.join(' and ')} needs keys: without them everybody who reaches the port can read and write all tenants ` +
      '(see "keys" in the documentation, or listen on 127.0.0.1)',
  ]);
}

function setAt(tree: Tree, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop();
  let at = tree;
  for (const name of names) {
    const inner = at[name];
    at = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Tree) : (at[name] = {});
  }
  if (last !== undefined) at[last] = value;
}

function hasAt(flags: ConfigSources['flags'], path: string): boolean {
  return flags?.[path] !== undefined;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
