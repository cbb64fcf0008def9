// What no HTTP library sends.

import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Doors, openDoors } from './open-doors.ts';

let doors: Doors | undefined;

afterEach(async () => {
  await doors?.stop(1000);
  doors = undefined;
});

/** Opens a connection, writes, and resolves with all that comes back until the other side closes. */
async function exchange(port: number, ...texts: readonly string[]): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  for (const text of texts) socket.write(text);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()).on('error', () => undefined));
  return Buffer.concat(chunks).toString();
}

const POST = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

describe('broken HTTP', () => {
  it.each([
    ['no HTTP at all', '\u0016\u0003\u0001 hello\r\n\r\n', '400'],
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{}`, '400'],
    [
      'a length and chunks',
      `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`,
      '400',
    ],
    ['a length that is none', `${POST}Content-Length: -1\r\n\r\n{}`, '400'],
    ['headers without end', `${POST}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    ['chunks that are none', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, '400'],
  ])('%s is refused and the connection closed', async (_, text, status) => {
    doors = await openDoors();
    expect(await exchange(doors.httpPort, text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(doors.requests).toEqual([]);
  });

  it('a sender that is too slow is to send again, not to give up', async () => {
    doors = await openDoors({ requestTimeoutMs: 300 });
    const answer = await exchange(doors.httpPort, `${POST}Content-Length: 1000\r\n\r\n`, '{"resourceSpans"');
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toContain('Retry-After: 2');
    expect(answer).toContain('"code":14');
    expect(doors.requests).toEqual([]);
  });

  it('a sender that goes away half way leaves nothing behind', async () => {
    doors = await openDoors({ bytesInFlightMax: 1000 });
    for (let round = 0; round < 5; round++) {
      const socket = connect(doors.httpPort, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`${POST}Content-Length: 900\r\n\r\n{"a`);
      await new Promise<void>((resolve) => setImmediate(resolve));
      socket.destroy();
    }
    // Were their bytes still held, there would be no room for these.
    const { post } = doors;
    const send = async (): Promise<number> => (await post('/v1/traces', Buffer.alloc(900))).status;
    await expect.poll(send).toBe(200);
    expect(doors.requests.every(({ body }) => body.length === 900)).toBe(true);
  });

  it('one connection carries many requests', async () => {
    doors = await openDoors();
    const request = `${POST}Content-Length: 2\r\n\r\n{}`;
    const last = `${POST}Connection: close\r\nContent-Length: 2\r\n\r\n{}`;
    const answer = await exchange(doors.httpPort, request, request, last);
    expect(answer.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
  });

  it('an attacker who sends more than he announced gets no second request', async () => {
    doors = await openDoors();
    const hidden = 'POST /v1/logs HTTP/1.1\r\nHost: x\r\n';
    await exchange(
      doors.httpPort,
      `${POST}Connection: close\r\nContent-Length: 2\r\n\r\n{}${hidden}Content-Length: 0\r\n\r\n`,
    );
    expect(doors.requests).toHaveLength(1);
  });
});
