// Instrumentations that were measured to lose or to invent something; see KNOWN_INSTRUMENTATIONS.

import semver from 'semver';
import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, copiesOf, labelOf, placeOf } from '../app/app.ts';
import {
  type Instrumentation,
  instrumentationsOf,
  isAttachedByTurnmeter,
  isWrapping,
} from '../app/instrumentations.ts';
import { removeCommand } from '../app/package-manager.ts';
import { isTurnmeterLoaded } from '../app/telemetry-setup.ts';
import { type KnownFault, TURNMETER } from '../known-packages.ts';

export const instrumentationFaults: Check<App> = {
  name: 'instrumentation-faults',
  run: async (app) =>
    (await instrumentationsOf(app)).flatMap((instrumentation) =>
      (instrumentation.known.faults ?? [])
        .filter((fault) => isFelt(app, instrumentation, fault))
        .map((fault) => diagnose(app, instrumentation, fault)),
    ),
};

/** What is dead does nothing wrong: the target must be there, in a version that is wrapped. */
function isFelt(app: App, instrumentation: Instrumentation, { versions, target }: KnownFault): boolean {
  const { copy, targets } = instrumentation;
  const isDeclared = targets.some(({ name }) => name === target);
  return (
    semver.satisfies(copy.version, versions) &&
    copiesOf(app, target).some((wrapped) => !isDeclared || isWrapping(instrumentation, wrapped))
  );
}

function diagnose(app: App, { copy }: Instrumentation, { what, target, losesData }: KnownFault): Diagnosis {
  const isOurs = isAttachedByTurnmeter(target);
  // What one leaves out the other reports, unless it was driven out by it.
  const isCovered = !losesData && isOurs && isTurnmeterLoaded(app);
  return {
    severity: isCovered ? Severity.ADVICE : losesData ? Severity.LOSES_DATA : Severity.WRONG_FIGURES,
    found: `${labelOf(copy)} ${what}`,
    where: [placeOf(app, copy)],
    why: isCovered
      ? `${TURNMETER} reports the same calls in full, and the service prefers that.`
      : 'It was measured against what the model server really served.',
    fix: [
      removeCommand(app.packageManager, copy.name),
      ...(isOurs && !isCovered ? [`node --import ${TURNMETER}/register app.js`] : []),
    ],
  };
}
