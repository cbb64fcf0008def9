import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Manifest } from './manifest.ts';

export const PackageManager = { NPM: 'npm', PNPM: 'pnpm', YARN: 'yarn', BUN: 'bun' } as const;
export type PackageManager = (typeof PackageManager)[keyof typeof PackageManager];

const LOCKS: readonly (readonly [file: string, PackageManager])[] = [
  ['pnpm-lock.yaml', PackageManager.PNPM],
  ['yarn.lock', PackageManager.YARN],
  ['bun.lock', PackageManager.BUN],
  ['bun.lockb', PackageManager.BUN],
  ['package-lock.json', PackageManager.NPM],
];

/** Who installs the app's packages, by its manifest or the nearest lock file; npm where nothing says so. */
export async function packageManagerOf(folder: string, manifest: Manifest): Promise<PackageManager> {
  const named = Object.values(PackageManager).find((manager) => manifest.packageManager.startsWith(`${manager}@`));
  if (named !== undefined) return named;
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    for (const [lock, manager] of LOCKS) if (await isThere(path.join(at, lock))) return manager;
    if (at === path.dirname(at)) return PackageManager.NPM;
  }
}

export function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** `npm install a b`. */
export function installCommand(manager: PackageManager, ...packages: readonly string[]): string {
  return `${manager} ${manager === PackageManager.NPM ? 'install' : 'add'} ${packages.join(' ')}`;
}

/** `npm uninstall a`. */
export function removeCommand(manager: PackageManager, ...packages: readonly string[]): string {
  return `${manager} ${manager === PackageManager.NPM ? 'uninstall' : 'remove'} ${packages.join(' ')}`;
}

/** Lines that make every copy of a package one version. */
export function oneVersionOf(manager: PackageManager, name: string, version: string): readonly string[] {
  const pair = `{ "${name}": "${version}" }`;
  switch (manager) {
    case PackageManager.PNPM:
      return ['in pnpm-workspace.yaml:', 'overrides:', `  '${name}': ${version}`, 'then: pnpm install'];
    case PackageManager.YARN:
      return [`in package.json: "resolutions": ${pair}`, 'then: yarn install'];
    case PackageManager.NPM:
    case PackageManager.BUN:
      return [`in package.json: "overrides": ${pair}`, `then: ${manager} install`];
  }
}
