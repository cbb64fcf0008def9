// Which frameworks and clients are there, and is each attached in the version that is installed?

import semver from 'semver';
import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, labelOf, placeOf } from '../app/app.ts';
import type { InstalledPackage } from '../app/installed-packages.ts';
import { installCommand } from '../app/package-manager.ts';
import { reportsByCall } from '../app/telemetry-by-call.ts';
import { Attachment, frameworkNamed, type KnownFramework, TURNMETER } from '../known-packages.ts';

export const frameworkVersions: Check<App> = {
  name: 'framework-versions',
  run: (app) => {
    const diagnoses = app.packages.flatMap((copy) => {
      const known = frameworkNamed(copy.name);
      // What nothing is attached to matters where the app itself calls it.
      const isOthers = known?.attachment === Attachment.BY_HAND && copy.broughtBy.length > 0;
      return known === undefined || isOthers ? [] : [diagnose(app, copy, known)];
    });
    return diagnoses.length > 0 || app.missing.length > 0 ? diagnoses : [NOTHING_KNOWN];
  },
};

const NOTHING_KNOWN: Diagnosis = {
  severity: Severity.ADVICE,
  found: 'no agent framework and no client of a model provider that is known here is installed',
  why: 'Nothing is attached by itself; calls made over plain HTTP are not seen.',
  fix: [
    'describe the chat: groupChat(…) with turn(…) and recordCall(usageFrom(response)) of @turnmeter/instrumentation',
  ],
};

function diagnose(app: App, copy: InstalledPackage, known: KnownFramework): Diagnosis {
  const label = labelOf(copy);
  const where = copy.broughtBy.length === 0 ? {} : { where: [placeOf(app, copy)] };
  if (!isIn(copy, known.versions)) {
    const isRead = known.versionsByCall !== undefined && isIn(copy, known.versionsByCall);
    return isRead && reportsByCall(app, copy.name) ? reported(app, copy) : unsupported(app, copy, known);
  }
  switch (known.attachment) {
    case Attachment.HOOKS:
    case Attachment.GLOBAL:
      return {
        severity: Severity.FINE,
        found: `${label} is supported: ${TURNMETER} attaches to it`,
        ...where,
        why: `Versions ${known.versions} are.`,
        fix: [],
      };
    case Attachment.NATIVE:
      return {
        severity: Severity.FINE,
        found: `${label}: emits OpenTelemetry itself`,
        ...where,
        why: 'It is read as it is and not instrumented a second time.',
        fix: [],
      };
    case Attachment.BY_HAND:
      return {
        severity: Severity.ADVICE,
        found: `${label}: nothing is attached to it`,
        ...where,
        why: 'Its model calls are not seen unless it emits OpenTelemetry or the app records them.',
        fix: ['turn.recordCall(usageFrom(response)), see @turnmeter/instrumentation'],
      };
  }
}

function isIn({ version }: InstalledPackage, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: true });
}

/** Whether the calls of another package ask for it, the app's code does not tell. */
function reported(app: App, copy: InstalledPackage): Diagnosis {
  const isOwn = copy.broughtBy.length === 0;
  return {
    severity: isOwn ? Severity.FINE : Severity.ADVICE,
    found: `${labelOf(copy)}: emits OpenTelemetry itself, for calls with experimental_telemetry`,
    ...(isOwn ? {} : { where: [placeOf(app, copy)] }),
    why: 'Nothing attaches to this version; what it emits is read as it is, and other calls are not seen.',
    fix: isOwn ? [] : ['experimental_telemetry: { isEnabled: true } in each of its calls'],
  };
}

function unsupported(app: App, copy: InstalledPackage, { name, versions }: KnownFramework): Diagnosis {
  const by = copy.broughtBy.at(-1);
  return {
    severity: Severity.LOSES_DATA,
    found: `${labelOf(copy)} is not supported: expected ${versions}`,
    where: [placeOf(app, copy)],
    why: 'Its inner shape is another one, so its calls are not seen.',
    fix: [
      by === undefined ? installCommand(app.packageManager, `'${name}@${versions}'`) : `update ${by}, which brings it`,
    ],
  };
}
