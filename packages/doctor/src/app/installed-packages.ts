// What Node would find: each package's dependencies are looked up as `require` does, from its real folder upwards, so that hoisted, nested,
// linked (pnpm) and workspace packages come out as the copy that is loaded, and every copy once.

import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { type Manifest, readManifest } from './manifest.ts';

/** One copy of a package. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Its real folder, links followed. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Who brought it, from the app on: `["@mastra/core@1.71.0"]`; empty for the app's own dependencies. */
  readonly broughtBy: readonly string[];
  /** The copy that each of its dependencies is for it. */
  readonly resolved: ReadonlyMap<string, InstalledPackage>;
}

export interface Installation {
  readonly root: InstalledPackage;
  /** Every copy that the app can load, without those of its tools; nearest first. */
  readonly packages: readonly InstalledPackage[];
  /** Dependencies of the app that are not installed. */
  readonly missing: readonly string[];
  /** Whether there were more than are looked at. */
  readonly isCut: boolean;
}

export interface InstallationOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Which of the app's development dependencies are followed too; others are tools and not loaded by it. */
  readonly isOfInterest: (name: string) => boolean;
}

/** The largest apps have some 3000. */
const PACKAGES_MAX = 20_000;

type Draft = InstalledPackage & { readonly resolved: Map<string, InstalledPackage> };

export async function readInstallation({ folder, manifest, isOfInterest }: InstallationOptions): Promise<Installation> {
  const finder = new PackageFinder();
  const { name, version } = manifest;
  const real = await realpath(folder);
  const root: Draft = { name, version, folder: real, manifest, broughtBy: [], resolved: new Map() };
  const copies = new Map<string, Draft>([[real, root]]);
  const missing: string[] = [];
  const queue: Draft[] = [root];
  for (let next = queue.shift(); next !== undefined && copies.size < PACKAGES_MAX; next = queue.shift()) {
    const names = namesNeededBy(next, next === root, isOfInterest);
    const places = await Promise.all(names.map((needed) => finder.find(needed, next.folder)));
    for (const [at, needed] of names.entries()) {
      const place = places[at];
      if (place === undefined) {
        if (next === root && needed in { ...manifest.dependencies, ...manifest.devDependencies }) missing.push(needed);
        continue;
      }
      let copy = copies.get(place.folder);
      if (copy === undefined) {
        const broughtBy = next === root ? [] : [...next.broughtBy, `${next.name}@${next.version}`];
        copy = {
          ...place,
          name: place.manifest.name || needed,
          version: place.manifest.version,
          broughtBy,
          resolved: new Map(),
        };
        copies.set(place.folder, copy);
        queue.push(copy);
      }
      next.resolved.set(needed, copy);
    }
  }
  const packages = [...copies.values()].filter((copy) => copy !== root);
  return { root, packages, missing, isCut: queue.length > 0 };
}

function namesNeededBy(
  { manifest }: Draft,
  isRoot: boolean,
  isOfInterest: (name: string) => boolean,
): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = manifest;
  const names = new Set(Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }));
  if (isRoot) for (const name of Object.keys(devDependencies)) if (isOfInterest(name)) names.add(name);
  return [...names];
}

interface Place {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Looks into `node_modules` folders, into each place once. */
class PackageFinder {
  readonly #places = new Map<string, Promise<Place | undefined>>();

  /** Walks up from a folder as Node does. */
  async find(name: string, from: string): Promise<Place | undefined> {
    if (!PACKAGE_NAME.test(name)) return undefined;
    for (let folder = from; ; folder = path.dirname(folder)) {
      const place = path.basename(folder) === 'node_modules' ? undefined : await this.#look(folder, name);
      if (place !== undefined) return place;
      if (folder === path.dirname(folder)) return undefined;
    }
  }

  #look(folder: string, name: string): Promise<Place | undefined> {
    const candidate = path.join(folder, 'node_modules', name);
    let place = this.#places.get(candidate);
    if (place === undefined) this.#places.set(candidate, (place = readPlace(candidate)));
    return place;
  }
}

/** A name from a manifest becomes a path, so it must be one: `openai`, `@openai/agents`, never `../x`. */
const PACKAGE_NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;

async function readPlace(candidate: string): Promise<Place | undefined> {
  const manifest = await readManifest(path.join(candidate, 'package.json'));
  return manifest === undefined ? undefined : { folder: await realpath(candidate), manifest };
}
