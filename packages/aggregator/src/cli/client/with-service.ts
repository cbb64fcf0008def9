// Finds the service that a command asks: one that runs, or one that is started on a data directory for this command alone.

import { CommandError, ExitCode } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';
import { DEFAULT_URL, type ServiceOptions } from '../options.ts';
import { shown } from '../text/escape.ts';
import { Spinner } from '../text/spinner.ts';
import { ApiClient } from './api-client.ts';

export interface ServiceAccess {
  readonly api: ApiClient;
  /** Where telemetry goes, for a service that was started here; undefined for one that runs elsewhere. */
  readonly otlpUrl: string | undefined;
  /** Resolves when what was sent is counted, as far as it may be asked for that. */
  readonly flush: () => Promise<void>;
}

/** The tenant of whoever names none, as in the service. */
const DEFAULT_TENANT = 'default';

/** Runs `use` with a service, and stops it afterwards if it was started for this. */
export async function withService(
  invocation: Invocation,
  options: ServiceOptions & { readonly mayCreate?: boolean },
  use: (service: ServiceAccess) => Promise<void>,
): Promise<void> {
  const { signal } = invocation;
  const { dataDir, mayCreate = false, key, tenant } = options;
  if (dataDir === undefined) {
    const url = checkUrl(options.url ?? DEFAULT_URL);
    const api = new ApiClient({ url, key, tenant, signal });
    await use({ api, otlpUrl: undefined, flush: () => flushRunning(api) });
    return;
  }
  const { openDataDirectory } = await import('./open-data-directory.ts');
  const opening = new Spinner(invocation, `opening ${shown(dataDir)}`);
  const service = await openDataDirectory(invocation, { dataDir, mayCreate }).finally(() => opening.stop());
  try {
    const { apiUrl, otlpUrl } = service;
    const api = new ApiClient({ url: apiUrl, key: service.key, tenant: tenant ?? DEFAULT_TENANT, signal });
    await use({ api, otlpUrl, flush: () => service.flush() });
  } finally {
    await service.stop();
  }
}

/** A key that may only send may not ask for it; then it is counted a moment later. */
async function flushRunning(api: ApiClient): Promise<void> {
  try {
    await api.post('api/v1/flush');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
  }
}

/** @throws CommandError with exit code 2 */
export function checkUrl(url: string): string {
  if (URL.canParse(url) && /^https?:/.test(url)) return url;
  throw new CommandError(`${JSON.stringify(url)} is no address of a service: expected one like ${DEFAULT_URL}`, {
    exitCode: ExitCode.USAGE,
  });
}
