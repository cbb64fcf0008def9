// In: a folder. Out: what in it loses data. Refused: a folder without a package.json. Nothing of the app is run, and nothing is written.

import path from 'node:path';
import { type App, type AppOptions, isOfInterest, readApp } from './app/app.ts';
import { type Manifest, readManifest } from './app/manifest.ts';
import { readWorkspaces } from './app/workspaces.ts';
import { type Check, runChecks } from './check.ts';
import { apiRanges } from './checks/api-ranges.ts';
import { apiVersions } from './checks/api-versions.ts';
import { batchLimits } from './checks/batch-limits.ts';
import { bundling } from './checks/bundling.ts';
import { doubleInstrumentation } from './checks/double-instrumentation.ts';
import { envFile } from './checks/env-file.ts';
import { exporter } from './checks/exporter.ts';
import { frameworkCopies } from './checks/framework-copies.ts';
import { frameworkVersions } from './checks/framework-versions.ts';
import { instrumentationFaults } from './checks/instrumentation-faults.ts';
import { instrumentationRanges } from './checks/instrumentation-ranges.ts';
import { lateSetup } from './checks/late-setup.ts';
import { moduleTwins } from './checks/module-twins.ts';
import { nativeTelemetry } from './checks/native-telemetry.ts';
import { nodeVersion } from './checks/node-version.ts';
import { reach } from './checks/reach.ts';
import { sampling } from './checks/sampling.ts';
import { sessionId } from './checks/session-id.ts';
import { streamUsage } from './checks/stream-usage.ts';
import { telemetrySetup } from './checks/telemetry-setup.ts';
import { unobserved } from './checks/unobserved.ts';
import { DoctorError, DoctorErrorCode } from './doctor-error.ts';
import type { Finding } from './finding.ts';

export interface InspectAppOptions {
  /** A folder with a package.json; at the root of a workspace all of its apps are inspected. */
  readonly folder: string;
  /** Environment that the app is started with. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Node that the app runs on. @default the one that runs this */
  readonly nodeVersion?: string;
}

/** In the order in which data gets lost: not set up, not attached, not exported, not understood. */
const APP_CHECKS: readonly Check<App>[] = [
  telemetrySetup,
  lateSetup,
  envFile,
  apiVersions,
  apiRanges,
  nodeVersion,
  frameworkVersions,
  frameworkCopies,
  moduleTwins,
  nativeTelemetry,
  unobserved,
  bundling,
  instrumentationRanges,
  instrumentationFaults,
  doubleInstrumentation,
  exporter,
  batchLimits,
  sampling,
  streamUsage,
  sessionId,
  reach,
];

/**
 * Looks into an app's folder for what silently loses telemetry.
 *
 * @throws DoctorError `no_app` where the folder has no package.json
 */
export async function inspectApp({
  folder,
  env = process.env,
  nodeVersion: version = process.version,
}: InspectAppOptions): Promise<readonly Finding[]> {
  const root = path.resolve(folder);
  const manifest = await readManifest(path.join(root, 'package.json'));
  if (manifest === undefined) {
    throw new DoctorError(
      DoctorErrorCode.noApp,
      `${folder} is no app: expected a folder with a package.json that can be read`,
    );
  }
  const apps = await appsIn(root, manifest);
  const findings = await Promise.all(
    apps.map(async ({ folder: own, manifest: ofApp }) => {
      const options: AppOptions = { folder: path.join(root, own), manifest: ofApp, env, nodeVersion: version };
      return runChecks(APP_CHECKS, await readApp(options), own);
    }),
  );
  return findings.flat();
}

/** The packages of a workspace that have to do with agents or telemetry; else the folder itself. */
async function appsIn(root: string, manifest: Manifest): Promise<readonly { folder: string; manifest: Manifest }[]> {
  const own = { folder: '.', manifest };
  const concerned = (await readWorkspaces(root, manifest)).filter((part) => isConcerned(part.manifest));
  return concerned.length === 0 || isConcerned(manifest) ? [own, ...concerned] : concerned;
}

/** What a package only develops with concerns it where it is an app, which has something that starts it. */
function isConcerned({ dependencies, devDependencies, scripts }: Manifest): boolean {
  const isApp = 'start' in scripts || 'dev' in scripts;
  return Object.keys(isApp ? { ...dependencies, ...devDependencies } : dependencies).some(isOfInterest);
}
