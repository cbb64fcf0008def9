// An instrumentation passes over versions outside of its own range without a word, and is dead from the day the client has a new major one.

import semver from 'semver';
import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, copiesOf, labelOf, placeOf } from '../app/app.ts';
import { type Instrumentation, instrumentationsOf, isAttachedByTurnmeter } from '../app/instrumentations.ts';
import { removeCommand } from '../app/package-manager.ts';
import { isTurnmeterLoaded } from '../app/telemetry-setup.ts';
import { TURNMETER } from '../known-packages.ts';

export const instrumentationRanges: Check<App> = {
  name: 'instrumentation-ranges',
  run: async (app) => (await instrumentationsOf(app)).flatMap((instrumentation) => diagnose(app, instrumentation)),
};

function diagnose(app: App, { copy, targets }: Instrumentation): readonly Diagnosis[] {
  const rangesOf = new Map<string, readonly string[]>();
  for (const { name, ranges } of targets) rangesOf.set(name, [...(rangesOf.get(name) ?? []), ...ranges]);
  return [...rangesOf].flatMap(([name, ranges]) => {
    const passedOver = copiesOf(app, name).filter(
      ({ version }) => !ranges.some((range) => semver.satisfies(version, range)),
    );
    return passedOver.map((target): Diagnosis => {
      const isCovered = isAttachedByTurnmeter(name) && isTurnmeterLoaded(app);
      const range = [...new Set(ranges)].join(' || ');
      return {
        severity: isCovered ? Severity.ADVICE : Severity.LOSES_DATA,
        found: `${labelOf(copy)} does nothing for ${labelOf(target)}: it wraps ${range}`,
        where: [placeOf(app, copy), placeOf(app, target)],
        why: isCovered
          ? `${TURNMETER} reports these calls; the other only costs time at the start.`
          : 'What it does not wrap it passes over without a word, so these calls are not reported.',
        fix:
          isCovered || isAttachedByTurnmeter(name)
            ? [
                removeCommand(app.packageManager, copy.name),
                ...(isCovered ? [] : [`node --import ${TURNMETER}/register app.js`]),
              ]
            : [`a newer ${copy.name}, or ${name} within ${range}`],
      };
    });
  });
}
