// SDK 2 wants an API below 1.10, SDK 3 one from 1.10 on. Installed against their word (`--legacy-peer-deps`), they may work or not.

import semver from 'semver';
import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import { API, type App, labelOf } from '../app/app.ts';
import { installCommand } from '../app/package-manager.ts';

export const apiRanges: Check<App> = {
  name: 'api-ranges',
  run: (app) => {
    const unhappy = app.packages.filter(({ name, manifest, resolved }) => {
      const range = manifest.peerDependencies[API];
      const api = resolved.get(API);
      return (
        name.startsWith('@opentelemetry/') &&
        range !== undefined &&
        api !== undefined &&
        !semver.satisfies(api.version, range)
      );
    });
    const [first] = unhappy;
    if (first === undefined) return [];
    return [
      {
        severity: Severity.ADVICE,
        found: `${first.resolved.get(API)?.version} of ${API} is outside of what ${unhappy.length} OpenTelemetry package${unhappy.length === 1 ? ' asks' : 's ask'} for: ${labelOf(first)} wants ${first.manifest.peerDependencies[API]}`,
        where: unhappy.slice(0, 8).map(labelOf),
        why: 'The two were never tried together by their makers, and what does not fit is given up without a word.',
        fix: [
          installCommand(app.packageManager, `'${API}@${first.manifest.peerDependencies[API]}'`),
          'or the OpenTelemetry packages of the generation that goes with it',
        ],
      },
    ];
  },
};
