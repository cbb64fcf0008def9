import semver from 'semver';
import { Attachment, frameworkNamed, instrumentationNamed, type KnownInstrumentation } from '../known-packages.ts';
import type { App } from './app.ts';
import { type DeclaredTarget, readDeclaredTargets } from './declared-targets.ts';
import type { InstalledPackage } from './installed-packages.ts';

/** An installed package that wraps frameworks or clients. */
export interface Instrumentation {
  readonly copy: InstalledPackage;
  readonly known: KnownInstrumentation;
  readonly targets: readonly DeclaredTarget[];
}

const readings = new WeakMap<App, Promise<readonly Instrumentation[]>>();

/** Instrumentations of other makers, with what each wraps: by its own word, else by what is known of it. Several checks ask; it is read once. */
export function instrumentationsOf(app: App): Promise<readonly Instrumentation[]> {
  let reading = readings.get(app);
  if (reading === undefined) readings.set(app, (reading = read(app)));
  return reading;
}

function read({ packages }: App): Promise<readonly Instrumentation[]> {
  const found = packages.flatMap((copy) => {
    const known = instrumentationNamed(copy.name);
    return known === undefined ? [] : [{ copy, known }];
  });
  return Promise.all(
    found.map(async ({ copy, known }) => {
      const declared = await readDeclaredTargets(copy);
      const stated = (known.targets ?? []).map((name) => ({ name, ranges: ['*'] }));
      return { copy, known, targets: stated.length > 0 ? stated : declared };
    }),
  );
}

/** What Turnmeter's own attaches; LangGraph calls through LangChain's core. */
export function isAttachedByTurnmeter(name: string): boolean {
  const attachment = frameworkNamed(name === '@langchain/langgraph' ? '@langchain/core' : name)?.attachment;
  return attachment === Attachment.HOOKS || attachment === Attachment.GLOBAL;
}

/** Does an instrumentation wrap a copy of a framework: does it name it, and is the version within its range? */
export function isWrapping(
  { targets }: Pick<Instrumentation, 'targets'>,
  { name, version }: Pick<InstalledPackage, 'name' | 'version'>,
): boolean {
  return targets.some(
    (target) => target.name === name && target.ranges.some((range) => semver.satisfies(version, range)),
  );
}

/** Does anything in the app name it, or what brought it? Where there are no sources to look into, it is taken to be used. */
export function isUsed(app: App, { name, broughtBy }: InstalledPackage): boolean {
  if (app.sources.files.length === 0) return true;
  const names = [name, ...broughtBy.map((label) => label.replace(/(?<=.)@[^@]*$/, ''))];
  const preloads = [
    ...app.launches.flatMap((launch) => launch.preloads),
    ...app.settings.all('NODE_OPTIONS').map(({ value }) => value),
  ];
  return [...app.sources.files.map(({ code }) => code), ...preloads].some((text) =>
    names.some((own) => text.includes(own)),
  );
}
