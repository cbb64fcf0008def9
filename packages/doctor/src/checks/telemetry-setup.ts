// Without a provider every span goes nowhere: is there one, and in every way in which the app is started?

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, isOnlyForDevelopment } from '../app/app.ts';
import type { Launch } from '../app/launches.ts';
import { installCommand } from '../app/package-manager.ts';
import { isRegistering, preloadsOfLaunch, setupsOf, type TelemetrySetup } from '../app/telemetry-setup.ts';
import { Attachment, frameworkNamed, TURNMETER } from '../known-packages.ts';

const REGISTER = `--import ${TURNMETER}/register`;

export const telemetrySetup: Check<App> = {
  name: 'telemetry-setup',
  run: (app) => {
    const late = app.launches.filter(({ latePreloads }) => latePreloads.some(isRegistering)).map(lateFlag);
    const setups = setupsOf(app);
    const absent = absentModules(app, setups);
    if (absent.length > 0) return [...late, ...absent];
    if (setups.length === 0) return late.length > 0 ? late : noSetup(app);
    const without = app.launches.filter(
      (launch) => isWithout(app, launch, setups) && !late.some(({ where }) => where?.includes(launch.where)),
    );
    return [...late, ...without.map((launch) => launchWithout(launch, setups)), fine(setups)];
  },
};

function lateFlag({ where, command }: Launch): Diagnosis {
  return {
    severity: Severity.LOSES_DATA,
    found: `the flag stands behind the program’s name: ${command}`,
    where: [where],
    why: 'Node hands what comes after the program’s name to the program and loads nothing, so there is no instrumentation.',
    fix: [`node ${REGISTER} app.js`],
  };
}

/** A module that is preloaded and not installed ends the process before it begins. */
function absentModules(
  { packages, isPlugAndPlay, packageManager }: App,
  setups: readonly TelemetrySetup[],
): readonly Diagnosis[] {
  if (isPlugAndPlay) return [];
  const preloaded = setups.filter(({ kind, what }) => kind === 'preload' && !/^[./]/.test(what));
  const names = new Set(preloaded.map(({ what }) => packageOf(what)));
  return [...names]
    .filter((name) => !packages.some((copy) => copy.name === name))
    .map((name) => ({
      severity: Severity.LOSES_DATA,
      found: `${name} is preloaded and not installed`,
      where: preloaded.filter(({ what }) => packageOf(what) === name).map(({ where }) => where),
      why: 'Node ends with ERR_MODULE_NOT_FOUND before the app begins.',
      fix: [installCommand(packageManager, name, '@opentelemetry/api')],
    }));
}

/** `@turnmeter/instrumentation/register` → `@turnmeter/instrumentation`. */
function packageOf(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
}

function noSetup(app: App): readonly Diagnosis[] {
  const isInstalled = app.packages.some(({ name }) => name === TURNMETER);
  const known = app.packages.filter(({ name }) => frameworkNamed(name) !== undefined);
  if (known.length === 0 && !isInstalled) return [];
  // What runs in a process of its own, or exports by its own settings, needs no provider here.
  if (!isInstalled && known.every(({ name }) => frameworkNamed(name)?.needs?.settings !== undefined)) return [];
  const launch = app.launches.find(({ runner }) => runner === 'node');
  const line =
    launch === undefined ? `node ${REGISTER} app.js` : launch.command.replace(/\bnode\b/, `node ${REGISTER}`);
  // A library, or a package of tools: what it only develops with, others run.
  if (app.launches.length === 0 && !isInstalled && known.every((copy) => isOnlyForDevelopment(app, copy))) return [];
  const isStartUnknown = isInstalled && app.launches.length === 0;
  const isNativeOnly = known.every(({ name }) => frameworkNamed(name)?.attachment === Attachment.NATIVE);
  return [
    {
      severity: isStartUnknown ? Severity.ADVICE : Severity.LOSES_DATA,
      found: isStartUnknown
        ? `${TURNMETER} is installed, and no file here says how the app is started`
        : isInstalled
          ? `${TURNMETER} is installed, and nothing loads it`
          : 'nothing sets OpenTelemetry up',
      where: app.launches.slice(0, 5).map(({ where }) => where),
      why: isNativeOnly
        ? 'The framework makes spans, and without a provider each of them goes nowhere.'
        : isStartUnknown
          ? 'Started without the flag it reports nothing.'
          : 'No model call, turn or session is reported at all.',
      fix: [
        ...(isInstalled ? [] : [installCommand(app.packageManager, TURNMETER, '@opentelemetry/api')]),
        line,
        `or in the environment: NODE_OPTIONS="${REGISTER}"`,
      ],
      isHeuristic: true,
    },
  ];
}

/** Another launch preloads telemetry, this one does not, and the sources do not set it up either. */
function isWithout(app: App, launch: Launch, setups: readonly TelemetrySetup[]): boolean {
  if (setups.some(({ kind }) => kind === 'source')) return false;
  return !preloadsOfLaunch(app, launch).some(isRegistering) && launch.runner !== 'bun' && launch.runner !== 'deno';
}

function launchWithout({ where, command, runner }: Launch, setups: readonly TelemetrySetup[]): Diagnosis {
  const what = setups[0]?.what ?? `${TURNMETER}/register`;
  return {
    severity: Severity.LOSES_DATA,
    found: `started this way the app has no telemetry: ${command}`,
    where: [where],
    why: `${setups[0]?.where ?? 'Another command'} loads ${what}, this command does not, and the sources set nothing up.`,
    fix: [
      runner === 'node'
        ? command.replace(/\bnode\b/, `node --import ${what}`)
        : `NODE_OPTIONS="--import ${what}" ${command}`,
    ],
    isHeuristic: true,
  };
}

function fine(setups: readonly TelemetrySetup[]): Diagnosis {
  return {
    severity: Severity.FINE,
    found: `OpenTelemetry is set up: ${[...new Set(setups.map(({ what }) => what))].join(', ')}`,
    where: [...new Set(setups.map(({ where }) => where))].slice(0, 5),
    why: 'Spans have somewhere to go.',
    fix: [],
  };
}
