// Real ports on loopback, and a pipeline's place that notes what came.

import { createHash } from 'node:crypto';
import { type Acceptor, type AcceptOptions, startAccepting } from '../../src/accept/accept.ts';
import type { Ingest } from '../../src/accept/intake.ts';
import type { KeyConfig } from '../../src/config/config.ts';
import { Keyring } from '../../src/keyring.ts';
import type { IngestRequest } from '../../src/pipeline.ts';
import { PrometheusTelemetry } from '../../src/telemetry.ts';

export interface Doors extends Acceptor {
  readonly url: string;
  readonly requests: readonly IngestRequest[];
  /** Value of a counter with these labels. */
  readonly counted: (name: string, labels?: Readonly<Record<string, string>>) => Promise<number>;
  /** Sends a body over HTTP. */
  readonly post: (
    path: string,
    body: RequestInit['body'],
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
}

export const MIB = 1024 * 1024;
export const JSON_TYPE = { 'content-type': 'application/json' };
export const PROTOBUF_TYPE = { 'content-type': 'application/x-protobuf' };

export function keyConfig(
  name: string,
  token: string,
  tenants: KeyConfig['tenants'],
  scope: KeyConfig['scope'] = 'all',
): KeyConfig {
  return { name, sha256: createHash('sha256').update(token).digest('hex'), tenants, scope };
}

/** Opens both ports; `ingest` takes everything unless the test says otherwise. */
export async function openDoors(
  options: Partial<AcceptOptions> & { ingest?: Ingest; keys?: readonly KeyConfig[] } = {},
): Promise<Doors> {
  const requests: IngestRequest[] = [];
  const telemetry = new PrometheusTelemetry();
  const ingest: Ingest = options.ingest ?? (() => Promise.resolve({ rejected: 0, message: '' }));
  const acceptor = await startAccepting({
    host: '127.0.0.1',
    httpPort: 0,
    grpcPort: 0,
    keyring: new Keyring(options.keys ?? []),
    bodyBytesMax: 64 * MIB,
    bytesInFlightMax: 256 * MIB,
    requestsPerSecondMax: undefined,
    telemetry,
    ...options,
    ingest: (request) => {
      // The body may be used again after the request: what is noted is a copy.
      requests.push({ ...request, body: Buffer.from(request.body) });
      return ingest(request);
    },
  });
  const url = `http://127.0.0.1:${acceptor.httpPort}`;
  return {
    ...acceptor,
    url,
    requests,
    post: (path, body, headers = PROTOBUF_TYPE) => fetch(url + path, { method: 'POST', body: body ?? null, headers }),
    counted: async (name, labels = {}) => {
      const metric = await telemetry.registry.getSingleMetric(name)?.get();
      const wanted = Object.entries(labels);
      const values =
        metric?.values.filter((value) => wanted.every(([label, text]) => value.labels[label] === text)) ?? [];
      return values.reduce((sum, { value }) => sum + value, 0);
    },
  };
}
