import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import { Client, compressionAlgorithms, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/decode/decode-error.ts';
import { OverloadError } from '../../src/overload-error.ts';
import { deserializers, readStatus } from './official-answers.ts';
import { type Doors, keyConfig, MIB, openDoors } from './open-doors.ts';

let doors: Doors | undefined;
const clients: Client[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await doors?.stop(1000);
  doors = undefined;
});

interface Answer {
  readonly code: number;
  readonly details: string;
  readonly response: Buffer | undefined;
  /** The message behind `grpc-status-details-bin`. */
  readonly status: Buffer | undefined;
}

const SERVICES = {
  span: 'trace.v1.TraceService',
  log: 'logs.v1.LogsService',
  metric: 'metrics.v1.MetricsService',
} as const;

const asItIs = (bytes: Buffer): Buffer => bytes;

/** Calls the service of one signal with bytes, as gRPC sends them. */
async function call(
  body: Buffer,
  options: { signal?: keyof typeof SERVICES; metadata?: Record<string, string>; path?: string; gzip?: boolean } = {},
): Promise<Answer> {
  const compression = options.gzip === true ? compressionAlgorithms.gzip : compressionAlgorithms.identity;
  const client = new Client(`127.0.0.1:${doors?.grpcPort}`, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': compression,
    'grpc.max_send_message_length': -1,
  });
  clients.push(client);
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(options.metadata ?? {})) metadata.set(name, value);
  const path = options.path ?? `/opentelemetry.proto.collector.${SERVICES[options.signal ?? 'span']}/Export`;
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asItIs, asItIs, body, metadata, (error: ServiceError | null, response?: Buffer) => {
      const [details] = error?.metadata?.get('grpc-status-details-bin') ?? [];
      resolve({
        code: error?.code ?? status.OK,
        details: error?.details ?? '',
        response,
        status: Buffer.isBuffer(details) ? details : undefined,
      });
    });
  });
}

const codeOf = async (metadata: Record<string, string>): Promise<number> =>
  (await call(Buffer.from('x'), { metadata })).code;

describe('gRPC', () => {
  it('takes messages of all signals as they come', async () => {
    doors = await openDoors({ nowUs: () => 5 });
    for (const signal of ['span', 'log', 'metric'] as const) {
      const body = randomBytes(500);
      expect(await call(body, { signal })).toMatchObject({ code: status.OK, response: Buffer.alloc(0) });
      expect(doors.requests.at(-1)).toMatchObject({
        signal,
        encoding: 'protobuf',
        body,
        tenants: { fallback: 'default', mayName: [] },
        receivedUs: 5,
      });
    }
    expect(await doors.counted('turnmeter_requests_total', { protocol: 'grpc', code: '0' })).toBe(3);
  });

  it('takes compressed messages', async () => {
    doors = await openDoors();
    const body = Buffer.alloc(100_000, 'abc');
    expect((await call(body, { gzip: true })).code).toBe(status.OK);
    expect(doors.requests[0]?.body).toEqual(body);
  });

  it('takes an empty message as a success', async () => {
    doors = await openDoors();
    expect((await call(Buffer.alloc(0))).code).toBe(status.OK);
    expect(doors.requests).toEqual([]);
  });

  it('says how much was refused', async () => {
    doors = await openDoors({ ingest: () => Promise.resolve({ rejected: 2, message: '2 × bad_span_id' }) });
    const { response } = await call(Buffer.from('x'));
    expect(deserializers['/v1/traces'](response ?? Buffer.alloc(0))).toEqual({
      partialSuccess: { rejectedSpans: 2, errorMessage: '2 × bad_span_id' },
    });
  });

  it('refuses bad data for good', async () => {
    doors = await openDoors({ ingest: () => Promise.reject(new DecodeError('truncated', 3)) });
    const answer = await call(Buffer.from('x'));
    expect(answer.code).toBe(status.INVALID_ARGUMENT);
    expect(readStatus(answer.status ?? Buffer.alloc(0))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      retrySeconds: undefined,
    });
  });

  it('has what may heal sent again, and says when', async () => {
    doors = await openDoors({ ingest: () => Promise.reject(new OverloadError('book_behind', 'records wait', 3500)) });
    const answer = await call(Buffer.from('x'));
    expect(answer).toMatchObject({ code: status.UNAVAILABLE, details: 'records wait' });
    expect(readStatus(answer.status ?? Buffer.alloc(0))).toEqual({
      code: status.UNAVAILABLE,
      message: 'records wait',
      retrySeconds: 3.5,
    });
  });

  it('tells nothing of faults', async () => {
    doors = await openDoors({ ingest: () => Promise.reject(new Error('the secret prompt')) });
    expect(await call(Buffer.from('x'))).toMatchObject({
      code: status.UNAVAILABLE,
      details: 'internal fault, please send again',
    });
  });

  it('refuses messages that are too large, inflated or not, for good', async () => {
    doors = await openDoors({ bodyBytesMax: 5 * MIB });
    expect((await call(Buffer.alloc(5 * MIB))).code).toBe(status.OK);
    const tooLarge = await call(Buffer.alloc(5 * MIB + 1));
    expect(tooLarge.code).toBe(status.RESOURCE_EXHAUSTED);
    // No RetryInfo: clients are to give up.
    expect(tooLarge.status).toBeUndefined();
    const bomb = await call(Buffer.alloc(200 * MIB), { gzip: true });
    expect(zlib.gzipSync(Buffer.alloc(200 * MIB)).length).toBeLessThan(MIB);
    expect(bomb.code).toBe(status.RESOURCE_EXHAUSTED);
    expect(doors.requests).toHaveLength(1);
  });

  it('knows no other methods', async () => {
    doors = await openDoors();
    expect(
      (await call(Buffer.from('x'), { path: '/opentelemetry.proto.collector.trace.v1.TraceService/Import' })).code,
    ).toBe(status.UNIMPLEMENTED);
  });

  it('asks for keys as HTTP does', async () => {
    doors = await openDoors({ keys: [keyConfig('two', 'secret', ['acme', 'globex'])] });
    expect(await codeOf({})).toBe(status.UNAUTHENTICATED);
    expect(await codeOf({ authorization: 'Bearer wrong' })).toBe(status.UNAUTHENTICATED);
    expect(await codeOf({ authorization: 'Bearer secret', 'x-scope-orgid': 'initech' })).toBe(status.PERMISSION_DENIED);
    expect(await codeOf({ authorization: 'Bearer secret', 'x-scope-orgid': 'a|b' })).toBe(status.INVALID_ARGUMENT);
    expect(doors.requests).toEqual([]);
    expect(await codeOf({ authorization: 'Bearer secret', 'x-scope-orgid': 'globex' })).toBe(status.OK);
    expect(doors.requests).toMatchObject([{ tenants: { fallback: 'globex', mayName: [] } }]);
  });
});
