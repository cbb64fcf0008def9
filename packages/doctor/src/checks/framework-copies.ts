// Two versions of one framework in one app: objects of one are not objects of the other.

import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import { type App, copiesOf, placeOf } from '../app/app.ts';
import { oneVersionOf } from '../app/package-manager.ts';
import { KNOWN_FRAMEWORKS } from '../known-packages.ts';

export const frameworkCopies: Check<App> = {
  name: 'framework-copies',
  run: (app) =>
    KNOWN_FRAMEWORKS.flatMap(({ name }) => {
      const copies = copiesOf(app, name);
      const [newest] = copies
        .map(({ version }) => version)
        .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
      if (copies.length < 2 || newest === undefined) return [];
      return [
        {
          severity: Severity.ADVICE,
          found: `${copies.length} copies of ${name}: ${copies.map(({ version }) => version).join(', ')}`,
          where: copies.map((copy) => placeOf(app, copy)),
          why: 'Each is attached by itself, but what one makes is not recognized by the other, and settings of one are not those of the other.',
          fix: ['if that is not on purpose, make it one:', ...oneVersionOf(app.packageManager, name, newest)],
        },
      ];
    }),
};
