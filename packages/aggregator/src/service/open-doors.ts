// Opens both protocols for senders; limits and addresses come from the configuration.

import { type Acceptor, type AcceptOptions, startAccepting } from '../accept/accept.ts';
import type { Config } from '../config/config.ts';
import type { Pipeline } from '../pipeline.ts';

export interface DoorParts extends Pick<AcceptOptions, 'keyring' | 'telemetry'> {
  readonly pipeline: Pipeline;
}

export function openDoors({ otlp }: Config, { pipeline, keyring, telemetry }: DoorParts): Promise<Acceptor> {
  return startAccepting({
    keyring,
    telemetry,
    ingest: (request) => pipeline.ingest(request),
    host: otlp.host,
    httpPort: otlp.http_port,
    grpcPort: otlp.grpc_port,
    bodyBytesMax: otlp.body_bytes_max,
    bytesInFlightMax: otlp.bytes_in_flight_max,
    requestsPerSecondMax: otlp.requests_per_second_max,
  });
}
