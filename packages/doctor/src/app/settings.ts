// Settings of the environment that decide what happens to telemetry, from wherever they are set. Others, secrets among them, are not read.

import path from 'node:path';
import { readText } from './read-text.ts';

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** `the environment`, `.env:3`. */
  readonly where: string;
}

export class Settings {
  /** By name, the one that wins first. */
  readonly #settings: ReadonlyMap<string, readonly Setting[]>;

  constructor(settings: readonly Setting[]) {
    this.#settings = Map.groupBy(settings, ({ name }) => name);
  }

  /** What a setting is; an empty one counts as not set, as the OpenTelemetry specification has it. */
  get(name: string): Setting | undefined {
    return this.all(name)[0];
  }

  /** Every place in which it is set. */
  all(name: string): readonly Setting[] {
    return (this.#settings.get(name) ?? []).filter(({ value }) => value !== '');
  }

  /** Names that are set at all. */
  get names(): readonly string[] {
    return [...this.#settings.keys()];
  }
}

export const THE_ENVIRONMENT = 'the environment';

/** Files that set variables, the one that wins first. */
const FILES = [
  '.env.local',
  '.env.production',
  '.env',
  'Dockerfile',
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
];

/** What is read: nothing else is this program's business. */
const NAMES =
  /^(?:OTEL_[A-Z0-9_]+|NODE_OPTIONS|CLAUDE_CODE_ENABLE_TELEMETRY|TURNMETER_(?:SESSION|REQUEST_STREAM_USAGE))$/;

export async function readSettings(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Settings> {
  const ofEnvironment = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && NAMES.test(name) ? [{ name, value: value.trim(), where: THE_ENVIRONMENT }] : [],
  );
  const ofFiles = await Promise.all(
    FILES.map(async (file) => settingsIn((await readText(path.join(folder, file))) ?? '', file)),
  );
  return new Settings([...ofEnvironment, ...ofFiles.flat()]);
}

/**
 * One setting a line, as all these files have them: `OTEL_SERVICE_NAME=writer`, `export A="b"`, `ENV A=b`, `ENV A b`, `- A=b`, `A: b`.
 */
const LINE = /^\s*(?:export\s+|ENV\s+|ARG\s+|-\s+)?["']?([A-Z][A-Z0-9_]*)["']?\s*(?:[=:]|\s)\s*(.*?)\s*$/;

function settingsIn(text: string, file: string): readonly Setting[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    const [, name = '', rest = ''] = LINE.exec(line) ?? [];
    if (!NAMES.test(name)) return [];
    return [{ name, value: unquoted(rest), where: `${file}:${at + 1}` }];
  });
}

/** `"a b" # said` → `a b`; `a # said` → `a`. A reference to another variable is not known: `${A:-b}` → empty. */
function unquoted(text: string): string {
  const [, , quoted] = /^(["'])(.*?)\1/.exec(text) ?? [];
  const value = quoted ?? text.replace(/["']$/, '').replace(/\s+[#\\].*$|\s*\\$/, '');
  return value.includes('$') ? '' : value.trim();
}
