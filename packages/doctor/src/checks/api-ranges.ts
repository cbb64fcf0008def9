// SDK 2 wants an API below 1.10, SDK 3 one from 1.10 on. Installed against their word (`--legacy-peer-deps`), they may work or not.

import semver from 'semver';
import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import { API, type App, labelOf } from '../app/app.ts';
import { installCommand } from '../app/package-manager.ts';

export const apiRanges: Check<App> = {
  name: 'api-ranges',
  run: (app) => {
    const concerned = app.packages.filter(
      ({ name, manifest, resolved }) =>
        name.startsWith('@opentelemetry/') && manifest.peerDependencies[API] !== undefined && resolved.has(API),
    );
    const unhappy = concerned.filter(
      ({ manifest, resolved }) =>
        !semver.satisfies(resolved.get(API)?.version ?? '', manifest.peerDependencies[API] ?? '*'),
    );
    const [first] = unhappy;
    if (first === undefined) return [];
    const range = first.manifest.peerDependencies[API] ?? '*';
    const bringers = [...new Set(unhappy.map(({ broughtBy }) => broughtBy[0] ?? 'the app itself'))];
    return [
      {
        severity: Severity.ADVICE,
        found: `${API}@${first.resolved.get(API)?.version} is outside of what ${unhappy.length} of ${concerned.length} OpenTelemetry packages ask for: ${labelOf(first)} wants ${range}`,
        where: [...unhappy.slice(0, 4).map(labelOf), `brought by ${bringers.slice(0, 4).join(', ')}`],
        why: 'The two were never tried together by their makers, and what does not fit is given up without a word.',
        fix:
          unhappy.length === concerned.length
            ? [installCommand(app.packageManager, `'${API}@${range}'`)]
            : ['one generation of OpenTelemetry: newer versions of what brings the others'],
      },
    ];
  },
};
