// An SDK that is set up exports what instrumentations report. Is there one for each framework and client?

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, labelOf } from '../app/app.ts';
import { instrumentationsOf, isAttachedByTurnmeter, isUsed, isWrapping } from '../app/instrumentations.ts';
import { installCommand } from '../app/package-manager.ts';
import { isTurnmeterLoaded, setupsOf } from '../app/telemetry-setup.ts';
import { TURNMETER } from '../known-packages.ts';

export const unobserved: Check<App> = {
  name: 'unobserved',
  run: async (app) => {
    // Without any set-up another check has said it all.
    if (setupsOf(app).length === 0 || isTurnmeterLoaded(app)) return [];
    const used = (await instrumentationsOf(app)).filter(({ copy }) => isUsed(app, copy));
    const own = app.packages.filter(({ name, broughtBy }) => broughtBy.length === 0 && isAttachedByTurnmeter(name));
    return own
      .filter(
        (copy) => !used.some((instrumentation) => isWrapping(instrumentation, copy)) && !isTracedByCall(app, copy.name),
      )
      .map((copy): Diagnosis => ({
        severity: Severity.LOSES_DATA,
        found: `OpenTelemetry is set up, and nothing reports the calls of ${labelOf(copy)}`,
        why: 'An SDK exports what instrumentations report, and there is none for it.',
        fix: [
          installCommand(app.packageManager, TURNMETER),
          'new NodeSDK({ instrumentations: turnmeterInstrumentations() })',
          `or, beside the SDK that is there: node --import ${TURNMETER}/register app.js`,
        ],
        isHeuristic: true,
      }));
  },
};

/** The AI SDK 5 and 6 report the calls that ask for it. */
function isTracedByCall({ sources }: App, name: string): boolean {
  return name === 'ai' && sources.files.some(({ code }) => code.includes('experimental_telemetry'));
}
