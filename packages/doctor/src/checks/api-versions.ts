// A copy of @opentelemetry/api takes only what an equal or newer minor version registered; otherwise it hands out tracers that do nothing, and
// says nothing. (api/src/internal/semver.ts: "1.4 package may NOT use 1.3 global".)

import semver from 'semver';
import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { API, type App, copiesOf, labelOf, placeOf } from '../app/app.ts';
import type { InstalledPackage } from '../app/installed-packages.ts';
import { installCommand, oneVersionOf } from '../app/package-manager.ts';
import { isTurnmeterLoaded } from '../app/telemetry-setup.ts';
import { API_READERS, SDK_PACKAGES, TURNMETER } from '../known-packages.ts';

export const apiVersions: Check<App> = {
  name: 'api-versions',
  run: (app) => {
    const copies = copiesOf(app, API);
    const [only, ...others] = copies;
    if (only === undefined) return noCopy(app);
    const registering = registeringCopies(app);
    const deaf = copies.filter((copy) => registering.some(({ api }) => !mayUse(copy.version, api.version)));
    if (deaf.length > 0) return deafCopies(app, registering, deaf);
    if (registering.length === 0 && new Set(copies.map(({ version }) => minorOf(version))).size > 1)
      return [undecided(app, copies)];
    return [
      {
        severity: Severity.FINE,
        found: `${API}: ${[...new Set(copies.map(({ version }) => version))].join(', ')}, ${others.length === 0 ? 'one copy' : 'all of which take what is registered'}`,
        why: 'Every package reaches the provider that the app sets up.',
        fix: [],
      },
    ];
  },
};

interface Registering {
  readonly by: InstalledPackage;
  readonly api: InstalledPackage;
}

/** Copies that an SDK registers its provider with. */
function registeringCopies({ packages, root }: App): readonly Registering[] {
  return [root, ...packages].flatMap((by) => {
    const api = by.resolved.get(API);
    return api !== undefined && SDK_PACKAGES.has(by.name) ? [{ by, api }] : [];
  });
}

/** The rule of the API: the same major version, and a minor version that is not newer than the registered one. */
function mayUse(own: string, registered: string): boolean {
  const [mine, theirs] = [semver.parse(own), semver.parse(registered)];
  if (mine === null || theirs === null) return false;
  if (own === registered) return true;
  if (mine.prerelease.length > 0 || theirs.prerelease.length > 0) return false;
  return mine.major === theirs.major && mine.minor <= theirs.minor;
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function noCopy(app: App): readonly Diagnosis[] {
  if (!app.packages.some(({ name }) => name === TURNMETER) && !isTurnmeterLoaded(app)) return [];
  return [
    {
      severity: Severity.LOSES_DATA,
      found: `${TURNMETER} is installed and ${API}, which it needs, is not`,
      why: 'The instrumentation cannot be loaded without it.',
      fix: [installCommand(app.packageManager, API)],
    },
  ];
}

function deafCopies(
  app: App,
  registering: readonly Registering[],
  deaf: readonly InstalledPackage[],
): readonly Diagnosis[] {
  const registered = new Map(registering.toReversed().map(({ by, api }) => [api.version, labelOf(by)]));
  const versions = [...registered].map(([version, by]) => `${version} (by ${by})`);
  return deaf.map((copy) => {
    const users = usersOf(app, copy);
    const isFelt = users.length === 0 || users.some((user) => !API_READERS.has(user.name));
    return {
      severity: isFelt ? Severity.LOSES_DATA : Severity.ADVICE,
      found: `${labelOf(copy)} is not compatible with the version that is registered: ${versions.join(', ')}`,
      where: [placeOf(app, copy)],
      why: `${users.length === 0 ? 'Whoever loads it' : namesOf(users)} gets a provider that does nothing: ${isFelt ? 'its spans are never made, without a warning' : 'it cannot tell which span is current'}.`,
      fix: ['make it one version:', ...oneVersionOf(app.packageManager, API, bestVersion(app))],
    };
  });
}

function undecided(app: App, copies: readonly InstalledPackage[]): Diagnosis {
  return {
    severity: Severity.ADVICE,
    found: `${copies.length} copies of ${API} that differ: ${copies.map(({ version }) => version).join(', ')}`,
    where: copies.map((copy) => placeOf(app, copy)),
    why: 'As soon as a provider is registered with the older one, whoever has the newer one gets a provider that does nothing.',
    fix: ['make it one version:', ...oneVersionOf(app.packageManager, API, bestVersion(app))],
  };
}

/** Who was given a copy. */
function usersOf({ packages, root }: App, copy: InstalledPackage): readonly InstalledPackage[] {
  return [root, ...packages].filter(({ resolved }) => resolved.get(API) === copy);
}

/** `ai@6.0.326, @mastra/core@1.71.0`. */
function namesOf(users: readonly InstalledPackage[]): string {
  const all = users.map((user) => (user.name === '' ? 'the app itself' : labelOf(user)));
  return all.length > 4 ? `${all.slice(0, 4).join(', ')} and ${all.length - 4} more` : all.join(', ');
}

/** The newest installed version that every SDK accepts, else the newest. */
function bestVersion(app: App): string {
  const versions = copiesOf(app, API)
    .map(({ version }) => version)
    .filter((version) => semver.valid(version) !== null);
  const ranges = app.packages
    .filter(({ name }) => name.startsWith('@opentelemetry/'))
    .map(({ manifest }) => manifest.peerDependencies[API] ?? manifest.dependencies[API] ?? '*');
  const newestFirst = semver.rsort([...versions]);
  return (
    newestFirst.find((version) => ranges.every((range) => semver.satisfies(version, range))) ??
    newestFirst[0] ??
    '1.9.1'
  );
}
