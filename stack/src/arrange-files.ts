// The folder in which the stack runs: secrets as for compose, and the configuration files of this repository under the names that compose mounts
// them by. Only addresses are written anew, into the files that are there for them.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { HOST, type Ports } from './addresses.ts';

const run = promisify(execFile);
const ROOT = path.join(import.meta.dirname, '../..');

export interface ArrangeOptions {
  readonly directory: string;
  readonly ports: Ports;
  readonly tenants: readonly string[];
  /** Settings of Turnmeter beside those that make-secrets writes. */
  readonly settings?: object | undefined;
  /** What a test has otherwise in a configuration file. @default links to the files as they are */
  readonly edit?: ((file: string, text: string) => string) | undefined;
}

export async function arrangeFiles({ directory, ports, tenants, settings, edit }: ArrangeOptions): Promise<void> {
  await makeSecrets(directory, tenants);
  await writeSettings(directory, settings);
  const folder = (name: string): string => path.join(directory, name);
  await mkdir(folder('prometheus/targets'), { recursive: true });
  await mkdir(folder('alertmanager'), { recursive: true });
  await link('prometheus/prometheus.yml', folder('prometheus/prometheus.yml'), edit);
  await link('prometheus/rules', folder('prometheus/rules'), edit);
  await link('prometheus/alertmanager.yml', folder('alertmanager/alertmanager.yml'), edit);
  await link('prometheus/alertmanager.tmpl', folder('alertmanager/alertmanager.tmpl'), edit);
  await linkTo(folder('secrets/prometheus_key'), folder('prometheus/turnmeter-key'));
  await writeTargets(folder('prometheus/targets/turnmeter.yaml'), [ports.turnmeter]);
  await writeTargets(folder('prometheus/targets/alertmanager.yaml'), [ports.alertmanager]);
  await writeTargets(folder('prometheus/targets/collector.yaml'), [ports.collectorOwn]);
  await writeTargets(folder('prometheus/targets/prometheus.yaml'), [ports.prometheus]);
}

/** Prometheus reads it again when it changes. */
export async function writeTargets(file: string, ports: readonly number[]): Promise<void> {
  await writeFile(file, stringify([{ targets: ports.map((port) => `${HOST}:${port}`) }]));
}

/** Settings of Turnmeter: those of the secrets, and a test's own. */
export async function writeSettings(directory: string, settings: object = {}): Promise<void> {
  const made = parse(await readFile(path.join(directory, 'secrets/turnmeter.yaml'), 'utf8')) as object;
  await writeFile(path.join(directory, 'turnmeter.yaml'), stringify({ ...made, ...settings }), { mode: 0o600 });
}

/** The header with which a tenant sends: shown by make-secrets once, and kept here beside the other secrets. */
export async function headersOf(directory: string, tenant: string): Promise<string> {
  const shown = await readFile(path.join(directory, 'headers'), 'utf8');
  const line = shown.split('\n').find((one) => one.startsWith(`${tenant}: `));
  const headers = /OTEL_EXPORTER_OTLP_HEADERS="(.*)"/.exec(line ?? '')?.[1];
  if (headers === undefined)
    throw new Error(`${directory} has no password of tenant ${tenant}: give another --directory`);
  return headers;
}

async function makeSecrets(directory: string, tenants: readonly string[]): Promise<void> {
  const secrets = path.join(directory, 'secrets');
  if (existsSync(secrets)) return;
  await mkdir(directory, { recursive: true });
  const script = path.join(ROOT, 'scripts/make-secrets.mjs');
  const { stdout } = await run(process.execPath, [script, '--directory', secrets, ...tenants]);
  await writeFile(path.join(directory, 'headers'), stdout, { mode: 0o600 });
}

/** The file of the repository itself; with an edit, a copy of what became of it. */
async function link(file: string, to: string, edit: ArrangeOptions['edit']): Promise<void> {
  const from = path.join(ROOT, file);
  if (edit === undefined) {
    await linkTo(from, to);
    return;
  }
  // A link of an earlier run would lead into the repository.
  await rm(to, { recursive: true, force: true });
  const names = file.endsWith('rules') ? (await readdir(from)).map((name) => path.join(file, name)) : [file];
  for (const name of names) {
    const copy = path.join(to, path.relative(file, name));
    await mkdir(path.dirname(copy), { recursive: true });
    await writeFile(copy, edit(name, await readFile(path.join(ROOT, name), 'utf8')));
  }
}

async function linkTo(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await symlink(from, to);
}
