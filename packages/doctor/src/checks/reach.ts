// What could not be looked at is said, so that silence means something.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import type { App } from '../app/app.ts';

export const reach: Check<App> = {
  name: 'reach',
  run: (app) => [...notInstalled(app), ...otherRuntimes(app), ...notRead(app)],
};

function notInstalled({ missing, isPlugAndPlay, packageManager }: App): readonly Diagnosis[] {
  if (missing.length === 0) return [];
  const names =
    missing.length > 5 ? `${missing.slice(0, 5).join(', ')} and ${missing.length - 5} more` : missing.join(', ');
  return [
    isPlugAndPlay
      ? {
          severity: Severity.ADVICE,
          found: `packages are in yarn’s archives (Plug’n’Play): ${names} could not be looked at`,
          why: 'Versions and copies were not checked.',
          fix: ['nodeLinker: node-modules  in .yarnrc.yml, in a copy of the app, and look again'],
        }
      : {
          severity: Severity.ADVICE,
          found: `not installed: ${names}`,
          why: 'Versions and copies of what is not installed were not checked.',
          fix: [`${packageManager} install`],
        },
  ];
}

function otherRuntimes({ launches }: App): readonly Diagnosis[] {
  return launches
    .filter(({ runner }) => runner === 'bun' || runner === 'deno')
    .map(({ runner, where, command }) => ({
      severity: Severity.LOSES_DATA,
      found: `started by ${runner}: ${command}`,
      where: [where],
      why: `${runner} has no module hooks as Node has, so clients and LangChain are not wrapped.`,
      fix: ['start it with node, or record calls by hand: turn.recordCall(usageFrom(response))'],
      isHeuristic: true,
    }));
}

function notRead({ sources, isCut }: App): readonly Diagnosis[] {
  const why = 'What is said here holds for what was looked at only.';
  return [
    ...(sources.isCut
      ? [
          {
            severity: Severity.ADVICE,
            found: `only the first ${sources.files.length} source files were looked at`,
            why,
            fix: [],
          },
        ]
      : []),
    ...(isCut
      ? [{ severity: Severity.ADVICE, found: 'there are more installed packages than are looked at', why, fix: [] }]
      : []),
  ];
}
