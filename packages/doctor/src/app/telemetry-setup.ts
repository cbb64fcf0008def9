// Who sets OpenTelemetry up in an app: a module that is preloaded, or the app's own sources.

import { REGISTERING_MODULES, SETUP_CALLS, TURNMETER } from '../known-packages.ts';
import type { App } from './app.ts';
import { lineAt } from './blank-comments.ts';
import { type Launch, preloadsOf } from './launches.ts';
import { shellCommands } from './shell-words.ts';

export interface TelemetrySetup {
  /** `@turnmeter/instrumentation/register`, `new NodeSDK(`. */
  readonly what: string;
  readonly where: string;
  readonly kind: 'preload' | 'source';
}

export function setupsOf(app: App): readonly TelemetrySetup[] {
  const ofLaunches = app.launches.flatMap(({ preloads, where }) =>
    preloads.filter(isRegistering).map((what): TelemetrySetup => ({ what, where, kind: 'preload' })),
  );
  const ofSettings = app.settings.all('NODE_OPTIONS').flatMap(({ value, where }) =>
    preloadsIn(value)
      .filter(isRegistering)
      .map((what): TelemetrySetup => ({ what, where: `NODE_OPTIONS in ${where}`, kind: 'preload' })),
  );
  const ofSources = app.sources.files.flatMap(({ name, code }) =>
    SETUP_CALLS.flatMap((call): TelemetrySetup[] => {
      const match = call.exec(code);
      return match === null
        ? []
        : [{ what: match[0].replace(/\s*\($/, ''), where: `${name}:${lineAt(code, match.index)}`, kind: 'source' }];
    }),
  );
  return [...ofLaunches, ...ofSettings, ...ofSources];
}

/** Does a launch preload anything at all, by itself or through NODE_OPTIONS? */
export function preloadsOfLaunch(app: App, launch: Launch): readonly string[] {
  return [...launch.preloads, ...app.settings.all('NODE_OPTIONS').flatMap(({ value }) => preloadsIn(value))];
}

/** Is Turnmeter's instrumentation there and loaded? */
export function isTurnmeterLoaded(app: App): boolean {
  return (
    setupsOf(app).some(({ what }) => what.includes(TURNMETER)) ||
    app.sources.files.some(({ code }) => IMPORTS_TURNMETER.test(code))
  );
}

const IMPORTS_TURNMETER = /(?:from|import|require)\s*\(?\s*['"]@turnmeter\/instrumentation(?:\/[\w-]+)?['"]/;

function preloadsIn(nodeOptions: string): readonly string[] {
  return preloadsOf(shellCommands(nodeOptions).flat());
}

export function isRegistering(module: string): boolean {
  return REGISTERING_MODULES.some((known) => module === known || module.includes(`/node_modules/${known}`));
}
