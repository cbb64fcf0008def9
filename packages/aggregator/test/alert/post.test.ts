import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PostOptions, type PostResult, postMessage } from '../../src/alert/post.ts';
import { checkSecret } from '../../src/alert/signature.ts';
import { type Receiver, runReceiver, SECRET } from './receiver.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await runReceiver();
});
afterEach(() => receiver.stop());

const BODY = JSON.stringify({ type: 'alert.test', text: 'grüße' });

function post(url: string = receiver.url, options: Partial<PostOptions> = {}): Promise<PostResult> {
  const message = { id: 'msg_1', url, secret: SECRET, body: BODY };
  return postMessage(message, { allowPrivate: true, nowMs: () => Date.now(), ...options });
}

describe('a message', () => {
  it('has a signature that the official library accepts, and another secret does not', async () => {
    expect(await post()).toMatchObject({ outcome: 'delivered', status: 204, answer: '', error: '' });
    const [{ headers, body }] = receiver.received as [Receiver['received'][number]];
    expect(headers).toMatchObject({ 'webhook-id': 'msg_1', 'content-type': 'application/json' });
    const signed = headers as Record<string, string>;
    expect(new Webhook(SECRET).verify(body, signed)).toEqual(JSON.parse(BODY));
    const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`);
    expect(() => other.verify(body, signed)).toThrow('No matching signature');
    expect(() => new Webhook(SECRET).verify(`${body} `, signed)).toThrow('No matching signature');
  });

  it.each([
    [200, 'delivered'],
    [202, 'delivered'],
    [302, 'refused'],
    [400, 'refused'],
    [410, 'gone'],
    [500, 'refused'],
  ])('that is answered with %i is %s', async (status, outcome) => {
    receiver.answer = () => ({ status, body: 'said so' });
    expect(await post()).toMatchObject({ outcome, status, answer: 'said so' });
  });

  it('does not follow a redirect, wherever it leads', async () => {
    const inside = await runReceiver();
    receiver.answer = () => ({ status: 307, headers: { location: inside.url } });
    expect(await post()).toMatchObject({ outcome: 'refused', status: 307 });
    expect(inside.received).toEqual([]);
    await inside.stop();
  });

  it('goes to the address that was looked up and checked, and asks no second time', async () => {
    const asked: string[] = [];
    const resolve: PostOptions['resolve'] = async (host) => {
      asked.push(host);
      // Who asked again would be led elsewhere.
      return [{ address: asked.length === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const result = await post(`http://hooks.example:${receiver.port}/hook`, { resolve });
    expect({ outcome: result.outcome, asked, host: receiver.received[0]?.headers.host }).toEqual({
      outcome: 'delivered',
      asked: ['hooks.example'],
      host: `hooks.example:${receiver.port}`,
    });
  });

  it('goes nowhere that is private unless that is allowed', async () => {
    const resolve = async (): Promise<{ address: string; family: number }[]> => [{ address: '127.0.0.1', family: 4 }];
    const result = await post(`https://hooks.example:${receiver.port}/`, { allowPrivate: false, resolve });
    expect(result).toMatchObject({ outcome: 'forbidden', status: undefined });
    // Who tests a webhook learns nothing about the network.
    expect(result.error).not.toContain('127.0.0.1');
    expect(receiver.received).toEqual([]);
  });

  it('ends when the answer does not come in time', async () => {
    receiver.answer = () => undefined;
    expect(await post(receiver.url, { timeoutMs: 100 })).toMatchObject({
      outcome: 'unreachable',
      error: 'no answer in time',
    });
  });

  it('ends when a name is not resolved in time', async () => {
    const resolve = (): Promise<never> => new Promise(() => undefined);
    expect(await post('http://hooks.example/', { timeoutMs: 100, resolve })).toMatchObject({ outcome: 'unreachable' });
  });

  it('says why nobody answered', async () => {
    const { url } = receiver;
    await receiver.stop();
    expect(await post(url)).toMatchObject({ outcome: 'unreachable', error: 'the connection failed: ECONNREFUSED' });
    receiver = await runReceiver();
  });

  it('reads no more than a kilobyte of an answer that has no end', async () => {
    receiver.answer = () => ({ status: 200, body: 'x'.repeat(100_000), isEndless: true });
    const { outcome, answer } = await post(receiver.url, { timeoutMs: 2000 });
    expect({ outcome, length: answer.length }).toEqual({ outcome: 'delivered', length: 1024 });
  });
});

describe('a secret', () => {
  it.each([
    '',
    'secret',
    'whsec_',
    'whsec_AAAA',
    `whsec_${'!'.repeat(40)}`,
    `whsec_${Buffer.alloc(65).toString('base64')}`,
  ])('that is %j is refused without being repeated', (secret) => {
    expect(() => checkSecret(secret)).toThrow(/^expected whsec_ and 24 to 64 bytes in base64/);
  });
});
