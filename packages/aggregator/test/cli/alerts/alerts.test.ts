// Alerts and `turnmeter watch` on the whole service, as a process of its own, with real recordings and a real receiver.

import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertDocument, FiringDocument } from '../../../src/serve/documents/alert-document.ts';
import { type Receiver, runReceiver } from '../../alert/receiver.ts';
import type { CommandResult } from '../run-turnmeter.ts';
import { CAPTURES, type RunningService, runService, startTurnmeter } from '../running-service.ts';

let service: RunningService;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await runReceiver();
  service = await runService({
    TURNMETER_ALERTS_EVALUATE_SECONDS: '1',
    TURNMETER_ALERTS_ALLOW_PRIVATE_TARGETS: 'true',
  });
});
afterAll(async () => {
  await service.stop();
  await receiver.stop();
});

/** Waits for what comes by itself. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const givenUpAt = Date.now() + 20_000;
  while (!(await isSo())) {
    if (Date.now() > givenUpAt) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function importFiles(...args: readonly string[]): Promise<unknown> {
  return service.turnmeter('import', ...args, '--otlp-url', service.otlpUrl);
}

describe('alerts', () => {
  it('are written, tried, told by the service, listed and removed', async () => {
    const added = await service.json<AlertDocument & { webhook: { secret: string } }>(
      ...['alerts', 'add', 'many tokens', '--what', 'session_tokens', '--above', '5000', '--webhook', receiver.url],
    );
    expect(added).toMatchObject({ name: 'many tokens', what: 'session_tokens', comparison: 'above', threshold: 5000 });
    // The one time it is shown.
    const { id, webhook } = added;
    const secret = new Webhook(webhook.secret);

    const tested = await service.turnmeter('alerts', 'test', id);
    expect(tested).toMatchObject({ code: 0, stderr: '' });
    expect(tested.stdout).toMatch(/^delivered: status 204, after /);
    expect(receiver.received[0]?.message).toMatchObject({ type: 'alert.test', data: { name: 'many tokens' } });

    // Tokens of its truth.json: sess-a 5,409, sess-b 4,628, sess-c 5,395.
    await importFiles(path.join(CAPTURES, 'ai6-native-chat'));
    await until(() => receiver.received.length >= 3);
    const told = receiver.received.slice(1).map(({ body, headers, message }) => {
      expect(secret.verify(body, headers as Record<string, string>)).toEqual(message);
      return `${message.type} ${message.data.subject.name} ${message.data.value}`;
    });
    expect(told.toSorted(byText)).toEqual(['alert.firing sess-a 5409', 'alert.firing sess-c 5395']);

    const firing = await service.json<{ readonly firing: readonly FiringDocument[] }>('alerts', 'firing');
    expect(
      firing.firing.map(({ subject, value, status }) => `${subject.name} ${value} ${status}`).toSorted(byText),
    ).toEqual(['sess-a 5409 firing', 'sess-c 5395 firing']);
    expect((await service.turnmeter('alerts', 'firing')).stdout).toContain('above 5,000 tokens');
    expect((await service.turnmeter('alerts', 'list')).stdout).toContain('session_tokens above 5,000 tokens');

    // A session that is over is resolved.
    await service.turnmeter('finalize', 'sess-a');
    await until(() => receiver.received.length >= 4);
    expect(receiver.received[3]?.message).toMatchObject({
      type: 'alert.resolved',
      data: { subject: { name: 'sess-a' }, resolved_because: 'over' },
    });

    expect((await service.turnmeter('alerts', 'remove', id)).stdout).toContain('is removed');
    expect((await service.turnmeter('alerts', 'list')).stdout).toContain('There are no alert rules yet');
    expect((await service.turnmeter('alerts', 'firing')).stdout).toBe('Nothing fires.\n');
    expect(await service.turnmeter('alerts', 'remove', id)).toMatchObject({ code: 1, stdout: '' });
  });

  it('whose receiver does not take the test end with 1', async () => {
    const args = ['alerts', 'add', 'nobody there', '--what', 'session_tokens', '--above', '1e12'];
    const { id } = await service.json<AlertDocument>(...args, '--webhook', 'http://127.0.0.1:1/');
    const { code, stdout } = await service.turnmeter('alerts', 'test', id);
    expect({ code, stdout: stdout.replace(/after .*/, '') }).toEqual({
      code: 1,
      stdout: 'unreachable: the connection failed: ECONNREFUSED, \n',
    });
  });

  it('that cannot be are refused by the name of the field, before or by the service', async () => {
    const add = (...args: readonly string[]): Promise<CommandResult> =>
      service.turnmeter('alerts', 'add', 'x', '--webhook', receiver.url, ...args);
    expect(await add('--what', 'session_tokens')).toMatchObject({ code: 2, stdout: '' });
    expect((await add('--what', 'session_tokens', '--above', '1', '--below', '2')).stderr).toContain('received both');
    expect((await add('--what', 'session_tokns', '--above', '1')).stderr).toContain('Allowed choices are');
    const windowed = await add('--what', 'tenant_cost_usd', '--above', '1');
    expect(windowed).toMatchObject({ code: 1, stdout: '' });
    expect(windowed.stderr).toContain('window: expected one of 5m, 15m');
  });
});

describe('turnmeter watch', () => {
  it('shows sessions of a service as they move, by event', async () => {
    const watching = startTurnmeter(['watch', '--json', '--tenant', 'watched'], { TURNMETER_URL: service.apiUrl });
    await watching.output((text) => text.includes('"ready"'));
    await importFiles(path.join(CAPTURES, 'ai6-native-chat'), '--tenant', 'watched');
    await watching.output((text) => ['sess-a', 'sess-b', 'sess-c'].every((id) => text.includes(id)));
    await service.turnmeter('finalize', 'sess-b', '--tenant', 'watched');
    const output = await watching.output((text) => text.includes('"finalized"'));
    watching.process.kill('SIGINT');
    expect(await watching.ended).toEqual({ code: 130, signal: null });
    const news = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; data: { session_id: string; tokens: number } });
    expect(news.find(({ event }) => event === 'finalized')?.data).toMatchObject({ session_id: 'sess-b', tokens: 4628 });
    expect(watching.stderr()).toBe('');
  });
});
