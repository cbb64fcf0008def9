import { turnmeterInstrumentations } from '../attach/instrumentations.ts';
import { callGuard } from '../guard/start-guard.ts';
import { ApiWatch } from './api-watch.ts';
import { flushAtExit } from './at-exit.ts';
import { warnOnStderr } from './diagnostics.ts';
import { hookImports } from './import-hooks.ts';
import { OwnSdk } from './own-sdk.ts';

/** Attaches to all that is known as the app imports it, and sets up OpenTelemetry where the app does not. Once in a process. */
export function register(env: NodeJS.ProcessEnv = process.env): void {
  if (isRegistered) return;
  isRegistered = true;
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return;
  // Before there is somebody to warn: that the API is loaded already, as it says where `require` is hooked, is no fault here.
  const watch = new ApiWatch();
  warnOnStderr(env);
  const sdk = new OwnSdk();
  const instrumentations = turnmeterInstrumentations();
  hookImports(
    [...instrumentations, watch]
      .flatMap((instrumentation) => instrumentation.getModuleDefinitions())
      .flatMap(({ name, files }) => [name, ...files.map((file) => endingOf(file.name))]),
  );
  sdk.wait();
  watch.start((copy) => sdk.join(copy));
  flushAtExit(sdk);
  callGuard();
}

let isRegistered = false;

/** Files within a package import each other by relative paths, so that they are known by their address alone. */
function endingOf(file: string): RegExp {
  return new RegExp(`/node_modules/${file.replaceAll('.', '\\.')}$`);
}
