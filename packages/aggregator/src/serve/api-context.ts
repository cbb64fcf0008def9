// What the routes of the API answer from.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Alerts } from '../alert/alerts.ts';
import type { Assessor } from '../assess/assessor.ts';
import type { Control } from '../control/control.ts';
import type { Keyring } from '../keyring.ts';
import type { Queries } from '../query/queries.ts';
import type { Telemetry } from '../telemetry.ts';
import type { EventStreams } from './event-streams.ts';
import type { MetricsPages } from './metrics-pages.ts';
import type { Operations } from './operations.ts';

export interface ApiContext {
  readonly queries: Queries;
  readonly assessor: Pick<Assessor, 'finalize'>;
  readonly control: Control;
  readonly alerts: Alerts;
  readonly operations: Operations;
  readonly keyring: Keyring;
  readonly metricsPages: MetricsPages;
  readonly telemetry: Telemetry;
  readonly streams: EventStreams;
  /** µs since the epoch. */
  readonly nowUs: () => number;
}

/** The server as routes see it: schemas are zod's. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;
