// Every layout in which package managers install: nested, hoisted, linked.

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Installation, readInstallation } from '../../src/app/installed-packages.ts';
import { readManifest } from '../../src/app/manifest.ts';
import { newFolder, writeApp } from '../app-folder.ts';

async function install(folder: string): Promise<Installation> {
  const manifest = await readManifest(path.join(folder, 'package.json'));
  return readInstallation({ folder, manifest: manifest!, isOfInterest: (name) => name === 'openai' });
}

const labels = ({ packages }: Installation): readonly string[] =>
  packages.map(({ name, version, broughtBy }) => [...broughtBy, `${name}@${version}`].join(' > ')).toSorted();

async function writePackage(folder: string, name: string, version: string, dependencies: object = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name, version, dependencies }));
}

describe('installed packages', () => {
  it('are those that Node would load: nested ones before hoisted ones', async () => {
    const folder = await writeApp({
      packages: { 'api@1.9.1': {}, 'sdk@2.0.0': { dependencies: { api: '*' } }, 'ai@6.0.0 > api@1.10.0': {} },
    });
    expect(labels(await install(folder))).toEqual(['ai@6.0.0', 'ai@6.0.0 > api@1.10.0', 'api@1.9.1', 'sdk@2.0.0']);
  });

  it('are found through pnpm’s links, each copy once', async () => {
    const folder = await newFolder();
    const store = path.join(folder, 'node_modules/.pnpm');
    await writePackage(folder, 'app', '1.0.0', { agent: '*', sdk: '*' });
    await writePackage(path.join(store, 'agent@1.0.0/node_modules/agent'), 'agent', '1.0.0', { api: '*' });
    await writePackage(path.join(store, 'sdk@2.0.0/node_modules/sdk'), 'sdk', '2.0.0', { api: '*' });
    await writePackage(path.join(store, 'api@1.9.1/node_modules/api'), 'api', '1.9.1');
    const links = [
      ['node_modules/agent', 'node_modules/.pnpm/agent@1.0.0/node_modules/agent'],
      ['node_modules/sdk', 'node_modules/.pnpm/sdk@2.0.0/node_modules/sdk'],
      ['node_modules/.pnpm/agent@1.0.0/node_modules/api', 'node_modules/.pnpm/api@1.9.1/node_modules/api'],
      ['node_modules/.pnpm/sdk@2.0.0/node_modules/api', 'node_modules/.pnpm/api@1.9.1/node_modules/api'],
    ] as const;
    for (const [from, to] of links) await symlink(path.join(folder, to), path.join(folder, from), 'dir');
    expect(labels(await install(folder))).toEqual(['agent@1.0.0', 'agent@1.0.0 > api@1.9.1', 'sdk@2.0.0']);
  });

  it('are found above the app, where a workspace hoists them', async () => {
    const root = await newFolder();
    await writePackage(path.join(root, 'apps/writer'), 'writer', '1.0.0', { openai: '*' });
    await writePackage(path.join(root, 'node_modules/openai'), 'openai', '7.0.0');
    expect(labels(await install(path.join(root, 'apps/writer')))).toEqual(['openai@7.0.0']);
  });

  it('may need each other in a circle', async () => {
    const folder = await writeApp({
      packages: { 'a@1.0.0': { dependencies: { b: '*' } }, 'b@1.0.0': { peerDependencies: { a: '*' } } },
    });
    expect(labels(await install(folder))).toEqual(['a@1.0.0', 'b@1.0.0']);
  });

  it('are not those of the app’s tools, unless they are of interest', async () => {
    const folder = await writeApp({
      manifest: { dependencies: {}, devDependencies: { vitest: '*', openai: '*' } },
      packages: { 'vitest@5.0.0': {}, 'openai@7.0.0': {} },
    });
    expect(labels(await install(folder))).toEqual(['openai@7.0.0']);
  });

  it('that are not there are told, and names that are no names lead nowhere', async () => {
    const folder = await writeApp({
      manifest: {
        dependencies: { absent: '*', '../../etc': '*', '': '*', '@x/../../y': '*' },
        peerDependencies: { optional: '*' },
      },
      files: { 'node_modules/broken/package.json': '{' },
    });
    const { missing, packages } = await install(folder);
    expect(missing).toEqual(['absent', '../../etc', '', '@x/../../y']);
    expect(packages).toEqual([]);
  });
});
