// A real service that is sent data with each of the problems that the doctor knows of, a tenant for each.

import { type Finding, inspectService } from '@turnmeter/doctor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ESCAPE, type RunningService, runService } from '../running-service.ts';
import { chat, newSpanId, newTraceId, type PlainSpan, tokenMetrics, tracesOf } from './otlp-spans.ts';
import { ONLY_PROGRESS } from './only-progress.ts';

let service: RunningService;
beforeAll(async () => {
  service = await runService();
});
afterAll(() => service.stop());

async function post(tenant: string, signal: string, body: object | string): Promise<number> {
  const { status } = await fetch(`${service.otlpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-scope-orgid': tenant },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return status;
}

async function send(tenant: string, ...spans: readonly PlainSpan[]): Promise<void> {
  expect(await post(tenant, 'traces', tracesOf(spans))).toBe(200);
}

async function inspect(tenant: string, clock?: () => number): Promise<readonly Finding[]> {
  const flushed = await fetch(`${service.apiUrl}/api/v1/flush`, {
    method: 'POST',
    headers: { 'x-scope-orgid': tenant },
  });
  expect(flushed.status).toBe(200);
  return inspectService({ url: service.apiUrl, tenant, clock });
}

/** `check: severity: what was found` of all that is not fine. */
async function problemsOf(tenant: string): Promise<readonly string[]> {
  return (await inspect(tenant))
    .filter(({ severity }) => severity !== 'fine')
    .map(({ check, severity, found }) => `${check}: ${severity}: ${found}`);
}

/** Figures follow the data within a moment. */
const PATIENCE = { timeout: 15_000, interval: 200 };

describe('a service whose data are well', () => {
  it('has nothing but fine findings', async () => {
    await send('well', { attributes: chat() }, { attributes: chat() });
    await expect.poll(() => problemsOf('well'), PATIENCE).toEqual([]);
    expect((await inspect('well')).map(({ check, severity, found }) => [check, severity, found])).toEqual([
      ['arrival', 'fine', '2 model calls in 2 records of the last day'],
    ]);
    const { code, stdout, stderr } = await service.turnmeter('doctor', '--tenant', 'well');
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'Nothing found that loses data; 1 thing as it should be (--all lists them).\n',
      stderr: expect.stringMatching(ONLY_PROGRESS),
    });
  });

  it('is asked to send something where nothing came', async () => {
    await expect
      .poll(() => problemsOf('nobody'), PATIENCE)
      .toEqual(['arrival: advice: nothing arrived in the last day']);
  });
});

describe('the doctor finds', () => {
  it('calls without tokens', async () => {
    const { 'gen_ai.usage.input_tokens': _, 'gen_ai.usage.output_tokens': __, ...bare } = chat();
    await send('usage', { attributes: bare }, { attributes: chat() });
    await expect
      .poll(() => problemsOf('usage'), PATIENCE)
      .toEqual(['usage: wrong_figures: 1 of 2 model calls have no tokens']);
    expect((await inspect('usage')).find(({ check }) => check === 'usage')?.where).toEqual(['service writer (1)']);
  });

  it('calls that belong to no session', async () => {
    const { 'session.id': _, ...lone } = chat();
    await send('sessions', { attributes: lone }, { attributes: chat() });
    await expect
      .poll(() => problemsOf('sessions'), PATIENCE)
      .toEqual(['sessions: wrong_figures: 1 of 2 model calls belong to no session']);
  });

  it('models without a price, and the lines of configuration that give them one', async () => {
    await send('prices', {
      attributes: chat({ 'gen_ai.request.model': 'acme-large-1', 'gen_ai.provider.name': 'acme' }),
    });
    await expect
      .poll(() => problemsOf('prices'), PATIENCE)
      .toEqual(['prices: wrong_figures: acme-large-1 of acme has no price: 110 tokens in 1 calls']);
    const [finding] = (await inspect('prices')).filter(({ check }) => check === 'prices');
    expect(finding?.fix).toContain('    model: acme-large-1');
  });

  it('calls that two instrumentations report', async () => {
    const traceId = newTraceId();
    const spanId = newSpanId();
    const call = chat();
    const time = { startMs: Date.now() - 1000, endMs: Date.now() };
    await send(
      'copies',
      { traceId, spanId, scope: 'framework', attributes: call, ...time },
      { traceId, parentSpanId: spanId, scope: 'client', attributes: call, ...time },
    );
    await expect
      .poll(() => problemsOf('copies'), PATIENCE)
      .toEqual([
        expect.stringMatching(
          /^copies: advice: 1 calls are reported twice: by (client|framework), which is counted, and by (client|framework)$/,
        ),
      ]);
  });

  it('calls that only a metric tells of, and metrics that tell of more than came', async () => {
    expect(await post('only-metrics', 'metrics', tokenMetrics(5000, 7))).toBe(200);
    await expect
      .poll(() => problemsOf('only-metrics'), PATIENCE)
      .toEqual([
        'missing-calls: loses_data: of 7 model calls only a metric tells',
        expect.stringContaining('sessions: wrong_figures: 7 of 7'),
      ]);
    await send('sampled', { attributes: chat() });
    expect(await post('sampled', 'metrics', tokenMetrics(5000, 7))).toBe(200);
    await expect
      .poll(() => problemsOf('sampled'), PATIENCE)
      .toEqual(['missing-calls: loses_data: a metric tells of 5000 tokens, and spans of 110']);
  });

  it('clocks that are ahead, and data that come late', async () => {
    const ahead = Date.now() + 600_000;
    await send('ahead', { attributes: chat(), startMs: ahead, endMs: ahead + 1000 });
    await expect
      .poll(() => problemsOf('ahead'), PATIENCE)
      .toEqual([
        expect.stringMatching(
          /^producer-clocks: wrong_figures: spans end up to 60\d s after they were received: the clock is ahead$/,
        ),
      ]);
    const behind = Date.now() - 7_200_000;
    await send('behind', { attributes: chat(), startMs: behind, endMs: behind + 1000 });
    await expect
      .poll(() => problemsOf('behind'), PATIENCE)
      .toEqual(['producer-clocks: advice: spans arrive at least 120 min after they ended']);
  });

  it('times that cannot be', async () => {
    await send('times', { attributes: chat(), startMs: Date.now(), endMs: Date.now() - 5000 });
    await expect
      .poll(() => problemsOf('times'), PATIENCE)
      .toEqual([
        'producer-clocks: wrong_figures: 1 records had times that cannot be, and were brought to when they were received',
      ]);
  });

  it('attributes that an SDK dropped', async () => {
    await send('dropped', { attributes: chat(), droppedAttributesCount: 3 });
    await expect
      .poll(() => problemsOf('dropped'), PATIENCE)
      .toEqual(['reading: loses_data: 1 records lost attributes before they were sent']);
  });

  it('that telemetry arrives without a single model call', async () => {
    await send('plain', { name: 'GET /', attributes: { 'http.request.method': 'GET' } });
    await expect
      .poll(() => problemsOf('plain'), PATIENCE)
      .toEqual(['arrival: loses_data: 1 records arrived in the last day, and no model call is among them']);
  });

  it('a clock of this machine that differs from the service’s, whichever way', async () => {
    const clockOf = async (offsetMs: number): Promise<string | undefined> =>
      (await inspect('well', () => Date.now() + offsetMs)).find(({ check }) => check === 'service-clock')?.found;
    expect(await clockOf(0)).toBeUndefined();
    expect(await clockOf(60_000)).toMatch(/^this machine’s clock is (59|60) s ahead of the service’s$/);
    expect(await clockOf(-60_000)).toMatch(/^this machine’s clock is (59|60) s behind the service’s$/);
  });
});

describe('turnmeter doctor --url', () => {
  it('prints problems with their fix, ends with 1, and never moves a terminal by a name from telemetry', async () => {
    await send('printed', {
      service: `evil${ESCAPE}[2J`,
      attributes: chat({ 'gen_ai.request.model': `m${ESCAPE}[31m` }),
    });
    await expect.poll(() => problemsOf('printed'), PATIENCE).toEqual([expect.stringContaining('has no price')]);
    const { code, stdout, stderr } = await service.turnmeter('doctor', '--tenant', 'printed');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(ONLY_PROGRESS) });
    expect(stdout).toMatch(
      /^makes figures wrong\n✗ m\\x1b\[31m of openai has no price: 110 tokens in 1 calls \(prices\)\n {2}why {2}/,
    );
    expect(stdout).toMatch(/\n1 problem; 1 thing as it should be \(--all lists them\)\.\n$/);
    expect(stdout).not.toContain(ESCAPE);
  });

  it('prints one JSON document', async () => {
    const document = await service.json<{ ok: boolean; app: null; service: string; findings: Finding[] }>(
      'doctor',
      '--tenant',
      'printed',
    );
    expect(document).toMatchObject({ ok: false, app: null, service: service.apiUrl });
    expect(document.findings.map(({ check, subject, severity }) => [check, subject, severity])).toEqual([
      ['arrival', service.apiUrl, 'fine'],
      ['prices', service.apiUrl, 'wrong_figures'],
    ]);
  });

  it('finds what was refused, with its reason; last, for it is told to all', async () => {
    expect(await post('refused', 'traces', 'no json')).toBe(400);
    expect(await post('refused', 'v1/traces', {})).toBe(404);
    await send('refused', { attributes: chat() });
    await expect
      .poll(() => problemsOf('refused'), PATIENCE)
      .toEqual([
        expect.stringMatching(/^refusals: loses_data: 1 refused since the service was started: /),
        'refusals: loses_data: 1 refused since the service was started: unknown path',
      ]);
    const { code, stdout } = await service.turnmeter('doctor', '--tenant', 'refused');
    expect(code).toBe(1);
    expect(stdout).toContain('OTEL_EXPORTER_OTLP_ENDPOINT is the address without /v1/traces');
  });
});
