// OTLP/gRPC: three services with one method each. Messages pass as they are; only `decode` looks inside.

import {
  type handleUnaryCall,
  Metadata,
  ResponderBuilder,
  type sendUnaryData,
  Server,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  type ServerUnaryCall,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { Signal } from '@turnmeter/accounting';
import type { Telemetry } from '../telemetry.ts';
import { grpcStatusOf } from './grpc-status.ts';
import { ContentEncoding } from './inflate.ts';
import type { Intake } from './intake.ts';
import { encodeAnswer, encodeFailure } from './otlp-answer.ts';
import { Refusal, refusalOf, RefusalReason } from './refusal.ts';

export interface GrpcOptions {
  readonly intake: Intake;
  readonly telemetry: Telemetry;
}

const SERVICES: Readonly<Record<Signal, string>> = {
  [Signal.SPAN]: 'opentelemetry.proto.collector.trace.v1.TraceService',
  [Signal.LOG]: 'opentelemetry.proto.collector.logs.v1.LogsService',
  [Signal.METRIC]: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
};

/** Requests that one connection may have open at a time: what they bring is in memory before it can be counted. */
const STREAMS_MAX = 16;
/** Header with the details of a failure, as gRPC's richer error model has it. */
const DETAILS = 'grpc-status-details-bin';

type TenantScope = ReturnType<Intake['admit']>;

export function createGrpcServer({ intake, telemetry }: GrpcOptions): Server {
  const admitted = new WeakMap<Metadata, TenantScope>();
  const server = new Server({
    'grpc.max_receive_message_length': intake.bodyBytesMax,
    'grpc.max_concurrent_streams': STREAMS_MAX,
    interceptors: [admitByMetadata(intake, admitted, telemetry)],
  });
  for (const signal of Object.values(Signal))
    server.addService(definitionOf(signal), { export: exportHandler(signal, { intake, telemetry, admitted }) });
  return server;
}

const asItIs = (bytes: Buffer): Buffer => bytes;

function definitionOf(signal: Signal): ServiceDefinition {
  return {
    export: {
      path: `/${SERVICES[signal]}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    },
  };
}

/** Refuses by the metadata alone, before the message is received. */
function admitByMetadata(
  intake: Intake,
  admitted: WeakMap<Metadata, TenantScope>,
  telemetry: Telemetry,
): ServerInterceptor {
  return (_method, call) => {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        try {
          admitted.set(
            metadata,
            intake.admit({
              authorization: textOf(metadata, 'authorization'),
              tenant: textOf(metadata, 'x-scope-orgid'),
            }),
          );
        } catch (error) {
          call.sendStatus(failureOf(error, telemetry));
          return;
        }
        next(metadata);
      })
      .build();
    return new ServerInterceptingCall(call, new ResponderBuilder().withStart((next) => next(listener)).build());
  };
}

function exportHandler(
  signal: Signal,
  options: GrpcOptions & { admitted: WeakMap<Metadata, TenantScope> },
): handleUnaryCall<Buffer, Buffer> {
  return (call, answer) => {
    void answerCall(signal, { call, answer }, options);
  };
}

/** Never rejects: whatever went wrong is the answer. */
async function answerCall(
  signal: Signal,
  { call, answer }: { call: ServerUnaryCall<Buffer, Buffer>; answer: sendUnaryData<Buffer> },
  { intake, telemetry, admitted }: GrpcOptions & { admitted: WeakMap<Metadata, TenantScope> },
): Promise<void> {
  const startedMs = performance.now();
  let code = status.OK;
  try {
    answer(null, await takeMessage(signal, call.request, admitted.get(call.metadata), intake));
  } catch (error) {
    const failure = failureOf(error, telemetry);
    code = failure.code;
    answer(failure);
  }
  telemetry.count('turnmeter_requests_total', { signal, protocol: 'grpc', code: String(code) });
  const seconds = (performance.now() - startedMs) / 1000;
  telemetry.observe('turnmeter_request_duration_seconds', seconds, { signal, protocol: 'grpc' });
}

async function takeMessage(
  signal: Signal,
  body: Buffer,
  tenants: TenantScope | undefined,
  intake: Intake,
): Promise<Buffer> {
  if (tenants === undefined) throw new Refusal(RefusalReason.FAULT, 'request was not admitted');
  const holding = intake.budget.open();
  try {
    holding.grow(body.length);
    // gRPC has its own compression, which is undone by now.
    const parcel = {
      signal,
      encoding: 'protobuf',
      contentEncoding: ContentEncoding.IDENTITY,
      body,
      tenants,
      holding,
    } as const;
    return encodeAnswer('protobuf', signal, await intake.take(parcel));
  } finally {
    holding.release();
  }
}

/** Metadata that was sent twice is joined by a comma, which no tenant name has. */
function textOf(metadata: Metadata, name: string): string | undefined {
  const values = metadata.get(name);
  return values.length === 0 ? undefined : values.map(String).join(',');
}

function failureOf(error: unknown, telemetry: Telemetry): { code: status; details: string; metadata: Metadata } {
  const refusal = refusalOf(error);
  telemetry.count('turnmeter_records_refused_total', { stage: 'accept', reason: refusal.code });
  const code = grpcStatusOf(refusal);
  const { message, retryAfterMs } = refusal;
  const metadata = new Metadata();
  metadata.set(DETAILS, encodeFailure('protobuf', { code, message, retryAfterMs }));
  return { code, details: message, metadata };
}
