import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/decode/decode-error.ts';
import { OverloadError } from '../../src/overload-error.ts';
import { deserializers, readStatus } from './official-answers.ts';
import { type Doors, JSON_TYPE, MIB, openDoors, PROTOBUF_TYPE } from './open-doors.ts';

let doors: Doors | undefined;

async function open(options: Parameters<typeof openDoors>[0] = {}): Promise<Doors> {
  doors = await openDoors(options);
  return doors;
}

afterEach(async () => {
  await doors?.stop(1000);
  doors = undefined;
});

const PATHS = [
  ['/v1/traces', 'span', 'rejectedSpans'],
  ['/v1/logs', 'log', 'rejectedLogRecords'],
  ['/v1/metrics', 'metric', 'rejectedDataPoints'],
] as const;

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe('a request that is taken', () => {
  it.each(PATHS)('on %s is handed on as it came, and answered with an empty message', async (path, signal) => {
    const { post, requests } = await open({ nowUs: () => 1_795_000_000_000_000 });
    const body = randomBytes(1000);
    const response = await post(path, body);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-protobuf');
    expect(await bytesOf(response)).toHaveLength(0);
    expect(requests).toMatchObject([
      {
        signal,
        encoding: 'protobuf',
        body,
        tenants: { fallback: 'default', mayName: [] },
        receivedUs: 1_795_000_000_000_000,
      },
    ]);
  });

  it('in JSON is answered in JSON', async () => {
    const { post, requests } = await open();
    const response = await post('/v1/traces', '{"resourceSpans":[]}', {
      'content-type': 'application/json; charset=utf-8',
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({});
    expect(requests).toMatchObject([{ encoding: 'json', body: Buffer.from('{"resourceSpans":[]}') }]);
  });

  it('in part says how much was refused and why, in both encodings', async () => {
    const { post } = await open({ ingest: () => Promise.resolve({ rejected: 300, message: '300 × bad_trace_id' }) });
    for (const [path, , rejectedName] of PATHS) {
      const partialSuccess = { [rejectedName]: 300, errorMessage: '300 × bad_trace_id' };
      expect(deserializers[path](await bytesOf(await post(path, 'x')))).toEqual({ partialSuccess });
      expect(await (await post(path, '{}', JSON_TYPE)).json()).toEqual({
        partialSuccess: { ...partialSuccess, [rejectedName]: '300' },
      });
    }
  });

  it('with nothing in it is a success that nobody has to look at', async () => {
    const { post, requests } = await open();
    for (const type of [PROTOBUF_TYPE, JSON_TYPE]) {
      expect((await post('/v1/traces', '', type)).status).toBe(200);
      expect((await post('/v1/traces', zlib.gzipSync(''), { ...type, 'content-encoding': 'gzip' })).status).toBe(200);
    }
    expect(requests).toEqual([]);
  });

  it('is counted', async () => {
    const { post, counted } = await open();
    await (await post('/v1/logs', 'abc')).arrayBuffer();
    await expect
      .poll(() => counted('turnmeter_requests_total', { signal: 'log', protocol: 'http/protobuf', code: '200' }))
      .toBe(1);
    expect(await counted('turnmeter_request_bytes_total', { signal: 'log' })).toBe(3);
  });
});

describe('a compressed request', () => {
  const body = Buffer.concat([randomBytes(50_000), Buffer.alloc(300_000, 'abc')]);
  const COMPRESSIONS = [
    ['gzip', zlib.gzipSync],
    ['deflate', zlib.deflateSync],
    ['zstd', zlib.zstdCompressSync],
  ] as const;

  it.each(COMPRESSIONS)('by %s is inflated, small or large', async (encoding, compress) => {
    const { post, requests } = await open();
    const large = Buffer.concat([randomBytes(400_000), Buffer.alloc(3_000_000)]);
    for (const content of [Buffer.from('small'), body, large]) {
      const response = await post('/v1/traces', compress(content), { ...PROTOBUF_TYPE, 'content-encoding': encoding });
      expect(response.status).toBe(200);
      expect(content.equals(requests.at(-1)?.body ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it.each(COMPRESSIONS)('by %s that is a bomb is refused, and costs little', async (encoding, compress) => {
    const { post, requests } = await open();
    const bomb = compress(Buffer.alloc(200 * MIB));
    const response = await post('/v1/traces', bomb, { ...PROTOBUF_TYPE, 'content-encoding': encoding });
    expect(response.status).toBe(413);
    expect(readStatus(await bytesOf(response))).toMatchObject({
      code: 8,
      message: expect.stringContaining('67108864') as string,
    });
    expect(requests).toEqual([]);
  });

  it('may come in several gzip members or zstd frames', async () => {
    const { post, requests } = await open();
    for (const [encoding, compress] of [COMPRESSIONS[0], COMPRESSIONS[2]]) {
      const joined = Buffer.concat([compress(body), compress('and more')]);
      expect((await post('/v1/traces', joined, { ...PROTOBUF_TYPE, 'content-encoding': encoding })).status).toBe(200);
      expect(Buffer.concat([body, Buffer.from('and more')]).equals(requests.at(-1)?.body ?? Buffer.alloc(0))).toBe(
        true,
      );
    }
  });

  it.each(COMPRESSIONS)(
    'by %s that is cut off, damaged or followed by garbage is bad data',
    async (encoding, compress) => {
      const { post, requests } = await open();
      const whole = compress(body);
      const damaged = Buffer.from(whole);
      damaged.fill(0xff, 2, 12);
      for (const bad of [
        whole.subarray(0, -10),
        damaged,
        Buffer.concat([whole, Buffer.from('garbage')]),
        Buffer.from('no such thing'),
      ]) {
        const response = await post('/v1/traces', bad, { ...PROTOBUF_TYPE, 'content-encoding': encoding });
        expect(response.status).toBe(400);
        expect(readStatus(await bytesOf(response)).code).toBe(3);
      }
      expect(requests).toEqual([]);
    },
  );

  it('may say that it is not compressed, in any case', async () => {
    const { post } = await open();
    expect((await post('/v1/traces', 'x', { ...PROTOBUF_TYPE, 'content-encoding': 'identity' })).status).toBe(200);
    expect(
      (await post('/v1/traces', zlib.gzipSync('x'), { ...PROTOBUF_TYPE, 'content-encoding': 'GZip' })).status,
    ).toBe(200);
  });

  it.each(['snappy', 'br', 'gzip, gzip', 'gzip,deflate', 'constructor'])('by %s is refused', async (encoding) => {
    const { post } = await open();
    expect((await post('/v1/traces', 'x', { ...PROTOBUF_TYPE, 'content-encoding': encoding })).status).toBe(415);
  });
});

describe('a request that is not taken', () => {
  it('because its body is no OTLP is not to be sent again', async () => {
    const { post, counted } = await open({ ingest: () => Promise.reject(new DecodeError('truncated', 17)) });
    const response = await post('/v1/traces', 'x');
    expect(response.status).toBe(400);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(readStatus(await bytesOf(response))).toEqual({
      code: 3,
      message: expect.stringContaining('byte 17') as string,
      retrySeconds: undefined,
    });
    expect(await counted('turnmeter_records_refused_total', { stage: 'accept', reason: 'truncated' })).toBe(1);
  });

  it('because of overload says when to come back', async () => {
    const { post } = await open({
      ingest: () => Promise.reject(new OverloadError('book_behind', 'records wait to be booked', 7000)),
    });
    const response = await post('/v1/metrics', 'x');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(readStatus(await bytesOf(response))).toEqual({
      code: 14,
      message: 'records wait to be booked',
      retrySeconds: 7,
    });
  });

  it('because of a fault of ours may be sent again, and learns nothing', async () => {
    const { post } = await open({ ingest: () => Promise.reject(new TypeError('cannot read "the secret prompt"')) });
    const response = await post('/v1/traces', '{}', JSON_TYPE);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      code: 14,
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2s' }],
    });
    expect(text).not.toContain('secret');
  });

  it('because of its path, method or media type says so', async () => {
    const { post, url } = await open();
    expect((await post('/v1/profiles', 'x')).status).toBe(404);
    expect((await post('/v1/traces/', 'x')).status).toBe(404);
    expect((await post('/', '{}', JSON_TYPE)).status).toBe(404);
    const get = await fetch(`${url}/v1/traces`);
    expect([get.status, get.headers.get('allow'), get.headers.get('content-type')]).toEqual([
      405,
      'POST',
      'application/json',
    ]);
    expect((await fetch(`${url}/v1/traces`, { method: 'PUT', body: 'x' })).status).toBe(405);
    for (const type of ['text/plain', 'application/jsonx', 'multipart/form-data', ';', 'application/grpc']) {
      expect((await post('/v1/traces', '{}', { 'content-type': type })).status).toBe(415);
    }
  });

  it('because it is too large is refused by what it announces, and by what it is', async () => {
    const { post, requests, url } = await open({ bodyBytesMax: 1000 });
    const announced = await post('/v1/traces', Buffer.alloc(1001));
    expect(announced.status).toBe(413);
    expect(readStatus(await bytesOf(announced))).toMatchObject({
      code: 8,
      message: expect.stringContaining('at most 1000 bytes') as string,
    });
    // A stream is sent in chunks and announces nothing.
    const stream = new ReadableStream({
      start(controller) {
        for (let part = 0; part < 20; part++) controller.enqueue(new Uint8Array(100));
        controller.close();
      },
    });
    const chunked = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      body: stream,
      headers: PROTOBUF_TYPE,
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
    expect((await post('/v1/traces', Buffer.alloc(1000))).status).toBe(200);
    expect(requests).toHaveLength(1);
  });

  it('because too many bytes are in flight is to be sent again', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { post, requests } = await open({
      bytesInFlightMax: 1000,
      ingest: async () => {
        await promise;
        return { rejected: 0, message: '' };
      },
    });
    const first = post('/v1/traces', Buffer.alloc(800));
    await expect.poll(() => requests.length).toBe(1);
    const second = await post('/v1/traces', Buffer.alloc(800));
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '2']);
    resolve();
    expect((await first).status).toBe(200);
    expect((await post('/v1/traces', Buffer.alloc(800))).status).toBe(200);
  });

  it('because its tenant sends too often is told when to come back, and others are not', async () => {
    let nowUs = 1_795_000_000_000_000;
    const { post } = await open({ requestsPerSecondMax: 2, nowUs: () => nowUs, random: () => 0.5 });
    const send = async (tenant: string): Promise<Response> =>
      post('/v1/traces', 'x', { ...PROTOBUF_TYPE, 'x-scope-orgid': tenant });
    expect([(await send('a')).status, (await send('a')).status]).toEqual([200, 200]);
    const refused = await send('a');
    // Half a second until the next one, at least a second, half as long again.
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
    expect(readStatus(await bytesOf(refused))).toMatchObject({ retrySeconds: 1.5 });
    expect((await send('b')).status).toBe(200);
    nowUs += 500_000;
    expect([(await send('a')).status, (await send('a')).status]).toEqual([200, 429]);
  });
});

describe('browsers', () => {
  const preflight = {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-scope-orgid',
    },
  };

  it('may not send unless their pages were named', async () => {
    const { url } = await open();
    const answer = await fetch(`${url}/v1/traces`, preflight);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('may send from pages that were', async () => {
    const { url, post } = await open({ corsOrigins: ['https://app.example'] });
    const answer = await fetch(`${url}/v1/traces`, preflight);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, 'https://app.example']);
    expect(answer.headers.get('access-control-allow-headers')).toContain('x-scope-orgid');
    const sent = await post('/v1/traces', '{}', { ...JSON_TYPE, origin: 'https://app.example' });
    expect(sent.headers.get('access-control-allow-origin')).toBe('https://app.example');
    const other = await post('/v1/traces', '{}', { ...JSON_TYPE, origin: 'https://other.example' });
    expect(other.headers.get('access-control-allow-origin')).not.toBe('https://other.example');
  });
});
