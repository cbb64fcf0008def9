// Apps as they lie on a disk: a folder with a package.json, installed packages and files, in the system's temporary folder.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { type Finding, inspectApp } from '../src/index.ts';

export interface AppPlan {
  /** Fields of package.json beside `dependencies`, which are the installed packages. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /**
   * Installed packages: `openai@7.57.0`, or below another `ai@6.0.326 > @opentelemetry/api@1.10.0`, with fields of their package.json.
   * Whoever stands before a `>` depends on what stands behind it.
   */
  readonly packages?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Files with their content, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** @default 24.21.0 */
  readonly nodeVersion?: string;
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'turnmeter-doctor-'));
  folders.push(folder);
  return folder;
}

/** Writes an app. @returns its folder. */
export async function writeApp({ manifest = {}, packages = {}, files = {} }: AppPlan): Promise<string> {
  const folder = await newFolder();
  const written = new Map<string, Record<string, unknown>>();
  for (const [chain, fields] of Object.entries(packages)) {
    const labels = chain.split(' > ').map(splitLabel);
    for (const [at, { name, version }] of labels.entries()) {
      const place = placeOf(labels.slice(0, at + 1).map((label) => label.name));
      const own = written.get(place) ?? { name, version, dependencies: {} };
      if (at === labels.length - 1)
        Object.assign(own, {
          ...fields,
          dependencies: { ...(own['dependencies'] as object), ...(fields['dependencies'] as object) },
        });
      written.set(place, own);
      const above = written.get(placeOf(labels.slice(0, at).map((label) => label.name)));
      if (above !== undefined) above['dependencies'] = { ...(above['dependencies'] as object), [name]: `^${version}` };
    }
  }
  const direct = Object.keys(packages).map((chain) => splitLabel(chain.split(' > ')[0] ?? ''));
  const dependencies = Object.fromEntries(direct.map(({ name, version }) => [name, `^${version}`]));
  await write(
    folder,
    'package.json',
    JSON.stringify({ name: 'an-app', version: '1.0.0', dependencies, ...manifest }, null, 2),
  );
  for (const [place, fields] of written) await write(folder, `${place}/package.json`, JSON.stringify(fields));
  for (const [file, content] of Object.entries(files)) await write(folder, file, content);
  return folder;
}

/** Findings of one check in an app. */
export async function findingsOf(check: string, plan: AppPlan): Promise<readonly Finding[]> {
  const folder = await writeApp(plan);
  const findings = await inspectApp({ folder, env: plan.env ?? {}, nodeVersion: plan.nodeVersion ?? 'v24.21.0' });
  return findings.filter((finding) => finding.check === check);
}

/** `severity: what was found` of one check in an app. */
export async function saidOf(check: string, plan: AppPlan): Promise<readonly string[]> {
  return (await findingsOf(check, plan)).map(({ severity, found }) => `${severity}: ${found}`);
}

async function write(folder: string, file: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), content);
}

function splitLabel(label: string): { readonly name: string; readonly version: string } {
  const at = label.lastIndexOf('@');
  return { name: label.slice(0, at), version: label.slice(at + 1) };
}

function placeOf(names: readonly string[]): string {
  return names.map((name) => `node_modules/${name}`).join('/');
}

/** Whoever loads Turnmeter: installed, and preloaded by the start script. */
export const LOADED = { scripts: { start: 'node --import @turnmeter/instrumentation/register app.js' } } as const;
export const TURNMETER_PACKAGES = { '@turnmeter/instrumentation@1.0.0': {}, '@opentelemetry/api@1.10.0': {} } as const;
