// Instrumentations that were measured to lose or to invent something; see KNOWN_INSTRUMENTATIONS.

import semver from 'semver';
import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, copiesOf, labelOf, placeOf } from '../app/app.ts';
import { instrumentationsOf, isAttachedByTurnmeter } from '../app/instrumentations.ts';
import { isTurnmeterLoaded } from '../app/telemetry-setup.ts';
import { TURNMETER } from '../known-packages.ts';

export const instrumentationFaults: Check<App> = {
  name: 'instrumentation-faults',
  run: async (app) =>
    (await instrumentationsOf(app)).flatMap(({ copy, known }) =>
      (known.faults ?? [])
        .filter(({ versions, target }) => semver.satisfies(copy.version, versions) && copiesOf(app, target).length > 0)
        .map(({ what, target, losesData }): Diagnosis => {
          // What one leaves out the other reports, unless it was driven out by it.
          const isCovered = !losesData && isAttachedByTurnmeter(target) && isTurnmeterLoaded(app);
          return {
            severity: isCovered ? Severity.ADVICE : losesData ? Severity.LOSES_DATA : Severity.WRONG_FIGURES,
            found: `${labelOf(copy)} ${what}`,
            where: [placeOf(app, copy)],
            why: isCovered
              ? `${TURNMETER} reports the same calls in full, and the service prefers that.`
              : 'Measured against what the model server really served.',
            fix: [
              `remove ${copy.name}`,
              ...(isAttachedByTurnmeter(target) && !isCovered ? [`node --import ${TURNMETER}/register app.js`] : []),
            ],
          };
        }),
    ),
};
