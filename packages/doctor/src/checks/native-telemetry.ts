// Frameworks that emit OpenTelemetry themselves, but only when they are asked to.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, labelOf } from '../app/app.ts';
import { installCommand } from '../app/package-manager.ts';
import { frameworkNamed } from '../known-packages.ts';

export const nativeTelemetry: Check<App> = {
  name: 'native-telemetry',
  run: (app) =>
    app.packages.flatMap((copy): Diagnosis[] => {
      const needs = frameworkNamed(copy.name)?.needs;
      if (needs === undefined) return [];
      const packages = (needs.packages ?? []).filter((name) => !app.packages.some((other) => other.name === name));
      const settings = (needs.settings ?? []).filter((setting) => !isSet(app, setting.split('=')[0] ?? ''));
      if (packages.length === 0 && settings.length === 0) return [];
      return [
        {
          severity: Severity.LOSES_DATA,
          found: `${labelOf(copy)} emits nothing yet: ${[...packages, ...settings].join(', ')} ${packages.length + settings.length === 1 ? 'is' : 'are'} missing`,
          why: 'It has telemetry of its own and exports it only when it is told to.',
          fix: [
            ...(packages.length === 0 ? [] : [installCommand(app.packageManager, ...packages)]),
            ...(settings.length === 0 ? [] : ['in the environment of the app:', ...settings]),
          ],
          isHeuristic: true,
        },
      ];
    }),
};

/** In the environment, a file of it, or the sources, which may hand it to a child process. */
function isSet({ settings, sources }: App, name: string): boolean {
  return settings.get(name) !== undefined || sources.files.some(({ code }) => code.includes(name));
}
