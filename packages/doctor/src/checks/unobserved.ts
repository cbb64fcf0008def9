// An SDK that is set up exports what instrumentations report. Is there one for each framework and client?

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, labelOf } from '../app/app.ts';
import type { InstalledPackage } from '../app/installed-packages.ts';
import { instrumentationsOf, isUsed, isWrapping } from '../app/instrumentations.ts';
import { installCommand } from '../app/package-manager.ts';
import { reportsByCall } from '../app/telemetry-by-call.ts';
import { isTurnmeterLoaded, setupsOf } from '../app/telemetry-setup.ts';
import { Attachment, frameworkNamed, TURNMETER } from '../known-packages.ts';

export const unobserved: Check<App> = {
  name: 'unobserved',
  run: async (app) => {
    // Without any set-up another check has said it all.
    if (setupsOf(app).length === 0 || isTurnmeterLoaded(app)) return [];
    const used = (await instrumentationsOf(app)).filter(({ copy }) => isUsed(app, copy));
    const silent = app.packages.filter(
      (copy) =>
        copy.broughtBy.length === 0 &&
        isAttached(copy.name) &&
        !used.some((instrumentation) => isWrapping(instrumentation, copy)) &&
        !reportsByCall(app, copy.name),
    );
    return silent.length === 0 ? [] : [diagnose(app, silent)];
  },
};

function isAttached(name: string): boolean {
  const attachment = frameworkNamed(name)?.attachment;
  return attachment === Attachment.HOOKS || attachment === Attachment.GLOBAL;
}

function diagnose(app: App, silent: readonly InstalledPackage[]): Diagnosis {
  return {
    severity: Severity.LOSES_DATA,
    found: `OpenTelemetry is set up, and nothing reports the calls of ${silent.map(labelOf).join(', ')}`,
    why: 'An SDK exports what instrumentations report, and there is none for them.',
    fix: [
      installCommand(app.packageManager, TURNMETER),
      'new NodeSDK({ instrumentations: turnmeterInstrumentations() })',
      `or, beside the SDK that is there: node --import ${TURNMETER}/register app.js`,
    ],
    isHeuristic: true,
  };
}
