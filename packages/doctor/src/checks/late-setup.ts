// ES modules are all loaded before the first of them runs. An app of ES modules that sets its instrumentation up in a module which it
// imports has loaded its clients by then, and nothing is wrapped.

import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import type { App } from '../app/app.ts';
import { preloadsOfLaunch, setupsOf } from '../app/telemetry-setup.ts';
import { Attachment, frameworkNamed, TURNMETER } from '../known-packages.ts';

export const lateSetup: Check<App> = {
  name: 'late-setup',
  run: (app) => {
    const wrapped = app.packages.filter(({ name }) => frameworkNamed(name)?.attachment === Attachment.HOOKS);
    const setups = setupsOf(app);
    if (wrapped.length === 0 || !setups.some(({ kind }) => kind === 'source')) return [];
    const isModule = (where: string): boolean =>
      app.sources.files.some(({ name, format }) => where.startsWith(`${name}:`) && format === 'module');
    const late = setups.filter(({ kind, where }) => kind === 'source' && isModule(where));
    const launches = app.launches.filter(({ runner }) => runner !== 'next');
    const unprepared = launches.filter((launch) => preloadsOfLaunch(app, launch).length === 0);
    if (late.length === 0 || setups.some(({ kind }) => kind === 'preload') || unprepared.length === 0) return [];
    return [
      {
        severity: Severity.LOSES_DATA,
        found: `telemetry is set up inside of the program, which is of ES modules: ${late[0]?.what}`,
        where: [...late.map(({ where }) => where), ...unprepared.map(({ where }) => where)],
        why: `All that the program imports, ${wrapped[0]?.name} too, is loaded before its first line runs, so nothing is wrapped any more.`,
        fix: [
          `node --import ${TURNMETER}/register app.js`,
          `or preload the file that sets it up: node --import ./${late[0]?.where.replace(/:\d+$/, '')} app.js`,
        ],
        isHeuristic: true,
      },
    ];
  },
};
