import { existsSync } from 'node:fs';
import path from 'node:path';
import { DoctorError, type Finding, inspectApp, inspectService, isProblem } from '@turnmeter/doctor';
import { checkUrl } from '../client/with-service.ts';
import { CommandError, ExitCode } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';
import { DEFAULT_URL, type OutputOptions } from '../options.ts';
import { Spinner } from '../text/spinner.ts';
import { printFindings } from './print-findings.ts';

export interface DoctorOptions extends OutputOptions {
  readonly url?: string;
  readonly key?: string;
  readonly tenant?: string;
  /** Print what is as it should be, too. */
  readonly all?: true;
}

/** What is looked at. */
interface Subjects {
  readonly folder: string | undefined;
  readonly url: string | undefined;
}

/** Runs `turnmeter doctor`. */
export async function runDoctor(
  invocation: Invocation,
  folder: string | undefined,
  options: DoctorOptions,
): Promise<void> {
  const subjects = await choose(folder, options);
  const looking = new Spinner(invocation, 'looking');
  const { findings, failures } = await inspect(invocation, subjects, options).finally(() => looking.stop());
  // What could be looked at is told, whatever could not.
  if (options.json === true) {
    const { folder: app = null, url: service = null } = subjects;
    invocation.printJson({ ok: failures.length === 0 && !findings.some(isProblem), app, service, findings });
  } else if (failures.length === 0 || findings.length > 0) {
    printFindings(invocation, findings, options.all === true);
  }
  const [failure] = failures;
  if (failure !== undefined) throw asCommandError(failure);
  if (findings.some(isProblem)) invocation.exitCode = ExitCode.FAILED;
}

/** What was named; where nothing was, whatever is here. */
async function choose(folder: string | undefined, { url }: DoctorOptions): Promise<Subjects> {
  if (folder !== undefined || url !== undefined) {
    return { folder, url: url === undefined ? undefined : checkUrl(url) };
  }
  const isApp = existsSync('package.json');
  const isRunning = await isServiceAt(DEFAULT_URL);
  if (isApp || isRunning) return { folder: isApp ? '.' : undefined, url: isRunning ? DEFAULT_URL : undefined };
  throw new CommandError(
    `there is nothing to look at: no package.json in this folder, and no service at ${DEFAULT_URL}`,
    {
      advice: ['Name a folder, or say where the service is: --url or TURNMETER_URL.'],
      exitCode: ExitCode.USAGE,
    },
  );
}

/** Nobody asked for it, so nobody waits for it. */
const PROBE_TIMEOUT_MS = 1000;

async function isServiceAt(url: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('healthz', url), { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return answer.ok && /^\s*\{\s*"ok"\s*:\s*true/.test(await answer.text());
  } catch {
    return false;
  }
}

interface Inspection {
  readonly findings: readonly Finding[];
  readonly failures: readonly Error[];
}

async function inspect(
  { terminal, signal }: Invocation,
  { folder, url }: Subjects,
  { key, tenant }: DoctorOptions,
): Promise<Inspection> {
  const inspections = await Promise.allSettled([
    folder === undefined ? [] : inspectApp({ folder: path.resolve(folder), env: terminal.env }),
    url === undefined ? [] : inspectService({ url, key, tenant, signal }),
  ]);
  const failures = inspections.flatMap((inspection) =>
    inspection.status === 'rejected' ? [inspection.reason as Error] : [],
  );
  const unforeseen = failures.find((failure) => !(failure instanceof DoctorError));
  if (unforeseen !== undefined) throw unforeseen;
  return {
    findings: inspections.flatMap((inspection) => (inspection.status === 'fulfilled' ? inspection.value : [])),
    failures,
  };
}

const ADVICE: Readonly<Record<string, readonly string[]>> = {
  no_app: ['Name a folder with a package.json.'],
  service_unreachable: ['Start one with `turnmeter up`, or say where it is: --url or TURNMETER_URL.'],
  service_refused: ['Set TURNMETER_KEY to a key that may read, and TURNMETER_TENANT to one of its tenants.'],
  no_service: ['The JSON API listens on port 8318, OTLP on 4318.'],
};

/** Not to have looked is neither good nor bad news, so it has a code of its own. */
function asCommandError(failure: Error): CommandError {
  const code = failure instanceof DoctorError ? failure.code : '';
  return new CommandError(failure.message, { advice: ADVICE[code] ?? [], exitCode: ExitCode.USAGE, cause: failure });
}
