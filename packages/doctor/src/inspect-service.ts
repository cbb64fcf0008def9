// In: the address of a service. Out: what in the data that it received in the last day is lost or wrong. Refused: what is no service, and
// keys that may not read.

import { type Check, runChecks } from './check.ts';
import type { Finding } from './finding.ts';
import { readService, type Service } from './service/service.ts';
import { arrival } from './service-checks/arrival.ts';
import { copies } from './service-checks/copies.ts';
import { lineage, missingCalls } from './service-checks/lineage.ts';
import { prices } from './service-checks/prices.ts';
import { producerClocks } from './service-checks/producer-clocks.ts';
import { readiness } from './service-checks/readiness.ts';
import { reading } from './service-checks/reading.ts';
import { refusals, storage } from './service-checks/refusals.ts';
import { serviceClock } from './service-checks/service-clock.ts';
import { sessions } from './service-checks/sessions.ts';
import { usage } from './service-checks/usage.ts';

export interface InspectServiceOptions {
  /** Address of the service's JSON API, as `http://127.0.0.1:8318`. */
  readonly url: string;
  /** A key that may read; none where the service has no keys. */
  readonly key?: string | undefined;
  /** Which of the key's tenants. @default the only one, or `default` */
  readonly tenant?: string | undefined;
  /** This machine's clock, ms since the epoch; it is compared with the service's. @default Date.now */
  readonly clock?: (() => number) | undefined;
  /** Ends requests that are under way. */
  readonly signal?: AbortSignal | undefined;
}

/** In the order in which data gets lost: not taken, not there, not whole, not understood. */
const SERVICE_CHECKS: readonly Check<Service>[] = [
  readiness,
  refusals,
  storage,
  arrival,
  missingCalls,
  lineage,
  usage,
  sessions,
  prices,
  reading,
  serviceClock,
  producerClocks,
  copies,
];

/**
 * Asks a running service what is wrong with the telemetry that it received in the last day. Reads only.
 *
 * @throws DoctorError `service_unreachable`, `service_refused`, `no_service`
 */
export async function inspectService(options: InspectServiceOptions): Promise<readonly Finding[]> {
  const { url, key, tenant, signal, clock = Date.now } = options;
  return runChecks(SERVICE_CHECKS, await readService({ url, key, tenant, signal, clock }), url);
}
