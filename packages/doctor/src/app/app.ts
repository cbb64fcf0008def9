import { instrumentationNamed, frameworkNamed, SDK_PACKAGES, TURNMETER } from '../known-packages.ts';
import { type Installation, type InstalledPackage, readInstallation } from './installed-packages.ts';
import { type Launch, readLaunches } from './launches.ts';
import type { Manifest } from './manifest.ts';
import { isThere, type PackageManager, packageManagerOf } from './package-manager.ts';
import { readSettings, type Settings } from './settings.ts';
import { readSources, type Sources } from './sources.ts';
import path from 'node:path';

/** All that checks know of an app. Read once; nothing of it was run. */
export interface App extends Installation {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly packageManager: PackageManager;
  /** The Node that the app is taken to run on, without the `v`. */
  readonly nodeVersion: string;
  readonly settings: Settings;
  readonly launches: readonly Launch[];
  readonly sources: Sources;
  /** yarn's Plug'n'Play: packages are in archives, which are not looked into. */
  readonly isPlugAndPlay: boolean;
}

export interface AppOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
}

export async function readApp({ folder, manifest, env, nodeVersion }: AppOptions): Promise<App> {
  const [installation, packageManager, settings, launches, sources, isPlugAndPlay] = await Promise.all([
    readInstallation({ folder, manifest, isOfInterest }),
    packageManagerOf(folder, manifest),
    readSettings(folder, env),
    readLaunches(folder, manifest.scripts),
    readSources(folder, manifest.isModule),
    isThere(path.join(folder, '.pnp.cjs')),
  ]);
  return {
    ...installation,
    folder,
    manifest,
    packageManager,
    nodeVersion: nodeVersion.replace(/^v/, ''),
    settings,
    launches,
    sources,
    isPlugAndPlay,
  };
}

/** Development dependencies are tools, but some apps have what they run on among them. */
export function isOfInterest(name: string): boolean {
  return (
    name === API ||
    name === TURNMETER ||
    SDK_PACKAGES.has(name) ||
    frameworkNamed(name) !== undefined ||
    instrumentationNamed(name) !== undefined
  );
}

export const API = '@opentelemetry/api';

/** Copies of one package, the app's own first. */
export function copiesOf({ packages }: Pick<App, 'packages'>, name: string): readonly InstalledPackage[] {
  return packages.filter((copy) => copy.name === name);
}

/** `ai@6.0.326`. */
export function labelOf({ name, version }: Pick<InstalledPackage, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

/** Where a copy is, and who brought it: `node_modules/x (through a@1 → b@2)`. */
export function placeOf(app: Pick<App, 'folder'>, { folder, broughtBy }: InstalledPackage): string {
  const place = path.relative(app.folder, folder).split(path.sep).join('/');
  return broughtBy.length === 0 ? place : `${place} (through ${broughtBy.join(' → ')})`;
}

/** Is a copy there because of a development dependency alone? */
export function isOnlyForDevelopment(
  { root, manifest }: Pick<App, 'root' | 'manifest'>,
  copy: InstalledPackage,
): boolean {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  const [bringer = labelOf(copy)] = copy.broughtBy;
  const direct = [...root.resolved].filter(([, own]) => labelOf(own) === bringer).map(([name]) => name);
  return direct.every((name) => !(name in { ...dependencies, ...optionalDependencies, ...peerDependencies }));
}
