// `.env` is read by the app, or by a library when it is imported; what is preloaded has read its settings by then.

import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import type { App } from '../app/app.ts';
import { preloadsOfLaunch } from '../app/telemetry-setup.ts';

export const envFile: Check<App> = {
  name: 'env-file',
  run: (app) => {
    const settings = app.settings.names
      .filter((name) => name.startsWith('OTEL_'))
      .flatMap((name) => app.settings.get(name) ?? [])
      .filter(({ where }) => where.startsWith('.env'));
    const late = app.launches.filter((launch) => preloadsOfLaunch(app, launch).length > 0 && !launch.hasEnvFile);
    if (settings.length === 0 || late.length === 0) return [];
    const [launch] = late;
    return [
      {
        severity: Severity.LOSES_DATA,
        found: `${settings.map(({ name }) => name).join(', ')} stand${settings.length === 1 ? 's' : ''} in ${settings[0]?.where.split(':')[0]}, which is not read before the instrumentation starts`,
        where: [...settings.map(({ where }) => where), ...late.map(({ where }) => where)],
        why: 'A module that is preloaded reads its settings before the app can load the file, so it exports to the default address.',
        fix: [launch?.command.replace(/\b(node|tsx)\b/, '$1 --env-file=.env') ?? 'node --env-file=.env app.js'],
        isHeuristic: true,
      },
    ];
  },
};
