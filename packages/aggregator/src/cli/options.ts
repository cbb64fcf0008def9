// Options that several commands share, each described once.

import { type Command, InvalidArgumentError, Option } from 'commander';

/** What the tenants of an operator's requests are called. */
export const EVERY_TENANT = '*';
/** Where the commands look for a service when nobody says. */
export const DEFAULT_URL = 'http://127.0.0.1:8318';

export interface OutputOptions {
  readonly json?: true;
}

/** How a command reaches a service, or the data of one that is not running. */
export interface ServiceOptions extends OutputOptions {
  readonly url?: string;
  readonly key?: string;
  readonly tenant?: string;
  readonly dataDir?: string;
}

export function addJsonOption(command: Command, description: string = 'print one JSON document'): Command {
  return command.option('--json', description);
}

/** Options of commands that ask a service. */
export function addServiceOptions(command: Command, jsonDescription?: string): Command {
  return addRunningServiceOptions(command, jsonDescription).option(
    '--data-dir <directory>',
    'open the data of a stopped service instead of asking a running one',
  );
}

/** The same for those to whom a stopped service has nothing to say. */
export function addRunningServiceOptions(command: Command, jsonDescription?: string): Command {
  return addJsonOption(command, jsonDescription)
    .addOption(new Option('--url <url>', `the service (default: ${DEFAULT_URL})`).env('TURNMETER_URL'))
    .addOption(new Option('--key <key>', 'key for it; better in the environment').env('TURNMETER_KEY'))
    .addOption(new Option('--tenant <name>', 'tenant, where the key has several').env('TURNMETER_TENANT'));
}

export function addConfigOption(command: Command): Command {
  return command.addOption(new Option('--config <file>', 'settings as YAML or JSON').env('TURNMETER_CONFIG'));
}

export function parseInteger(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

export function parsePort(text: string): number {
  const port = parseInteger(text);
  if (port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}

/** `2026-11-01`, `2026-11-01T09:00Z`, `2026-11-01T09:00:00+01:00`. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
/** `90s`, `15m`, `24h`, `7d`, `2w`. */
const DURATION = /^(\d{1,6})([smhdw])$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A moment as ISO 8601, UTC where no offset is given. */
export function parseTime(text: string): string {
  const agoMs = durationMsOf(text);
  if (agoMs !== undefined) return new Date(Date.now() - agoMs).toISOString();
  const isUtc = /^\d{4}-\d{2}-\d{2}$|Z$|[+-]\d{2}:\d{2}$/.test(text);
  const time = text === 'now' ? Date.now() : ISO_TIME.test(text) ? Date.parse(isUtc ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError(
      'Expected a time like 2026-11-01 or 2026-11-01T09:00Z, or how long ago: 90s, 15m, 24h, 7d, 2w.',
    );
  }
  return new Date(time).toISOString();
}

/** `90s`, `15m`, `24h` as ms. */
export function parseDuration(text: string): number {
  const durationMs = durationMsOf(text);
  if (durationMs === undefined) throw new InvalidArgumentError('Expected a duration like 90s, 15m or 24h.');
  return durationMs;
}

function durationMsOf(text: string): number | undefined {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNIT_MS[unit] ?? 0);
}
