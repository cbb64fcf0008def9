import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, metrics, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AgentResponseTimeTracker, createResponseTrackingHooks, TokenManager } from '../../src/ag2/index.ts';
import { currentSession, findSession, recordCall } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';
import { runAggregator, type RunningAggregator } from './running-aggregator.ts';

const CALL = { usage: { input: 1000, output: 100 }, model: 'gpt-5-mini' };

describe('a session that is told of step by step', () => {
  let recording: Recording | undefined;
  afterEach(async () => {
    await recording?.[Symbol.asyncDispose]();
    recording = undefined;
  });

  it('has turns, messages and usage by agent', async () => {
    recording = record();
    const tokens = new TokenManager({ workflow: 'blog', tenant: 'acme', sessionId: 's-1', user: 'ada' });
    await tokens.initialize();
    await tokens.initialize();
    tokens.trackAgentResponseTime({ agent: 'Writer', durationMs: 1500, usage: { ...CALL } });
    tokens.trackAgentResponseTime({ agent: 'Critic', durationMs: Number.NaN });
    tokens.trackAgentMessage({ agent: 'Writer' });
    tokens.trackUsage({ agent: 'Critic', ...CALL, durationMs: 20 });
    const report = await tokens.finalizeSession({ outcome: 'success' });
    // gpt-5-mini: 1000 × 0.25 + 100 × 2 = 450 millionths of a USD, twice.
    expect(report).toMatchObject({
      source: 'local',
      reason: 'no_aggregator',
      session_finalized: false,
      session_id: 's-1',
      tenant: 'acme',
      workflow: 'blog',
      session_summary: { total_tokens: 2200, total_cost: 0.0009, agents_used: ['Writer', 'Critic'] },
      agent_performance: {
        Writer: { message_count: 1 },
        // That its time is not known does not make it 0.
        Critic: { message_count: 1, total_response_time_ms: 0, avg_response_time_ms: null },
      },
      performance_comparison: null,
    });
    expect(report.agent_performance['Writer']?.avg_response_time_ms).toBeCloseTo(1500, -1);
    expect(await tokens.finalizeSession()).toBe(report);
    expect(tokens.figures()).toMatchObject({ isRunning: false, agents: { Writer: { messages: 1 } } });
    const runs = recording.spans().filter(({ name }) => name.startsWith('invoke_workflow'));
    expect(runs).toHaveLength(1);
    expect(runs[0]?.attributes['turnmeter.outcome.status']).toBe('success');
    for (const span of recording.spans()) {
      expect(span.spanContext().traceId).toBe(runs[0]?.spanContext().traceId);
    }
  });

  it('is where the code is from its begin to its end, beside others that begin in the same moment', async () => {
    recording = record();
    const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const run = async (sessionId: string, calls: number): Promise<void> => {
      const tokenTracker = new TokenManager({ workflow: 'blog', sessionId });
      await tokenTracker.initialize();
      const tracker = new AgentResponseTimeTracker();
      const [beforeReply, beforeSend] = createResponseTrackingHooks({ tracker, workflow: 'blog', tokenTracker });
      for (let at = 0; at < calls; at++) {
        // Choosing the speaker.
        recordCall({ ...CALL });
        await pause();
        beforeReply('Writer', []);
        await pause();
        recordCall({ ...CALL });
        beforeSend('Writer', 'text');
      }
      expect(currentSession()?.session).toBe(sessionId);
      await tokenTracker.finalizeSession();
      expect(currentSession()).toBeUndefined();
    };
    await Promise.all([run('p-1', 2), run('p-2', 5), run('p-3', 3)]);
    for (const [id, calls] of [
      ['p-1', 2],
      ['p-2', 5],
      ['p-3', 3],
    ] as const) {
      expect(findSession(id)).toMatchObject({
        inferences: 2 * calls,
        turns: calls,
        agents: { Writer: { turns: calls, inferences: calls } },
      });
    }
  });

  it('is told of locally where the aggregator is away, slow, strict or something else', async () => {
    recording = record();
    const finalize = async (url: string, timeoutMs = 2000): Promise<unknown> => {
      const tokens = new TokenManager({ workflow: 'blog', aggregatorUrl: url, timeoutMs });
      await tokens.initialize();
      const { source, reason } = await tokens.finalizeSession();
      return [source, reason];
    };
    const server = async (status: number, body: string): Promise<{ readonly url: string; readonly server: Server }> => {
      const listening = createServer((_, response) => {
        if (status === 0) return;
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body);
      });
      await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
      return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, server: listening };
    };
    const [silent, strict, broken, other] = await Promise.all([
      server(0, ''),
      server(401, '{}'),
      server(500, 'oh'),
      server(200, '<html>'),
    ]);
    expect(await finalize('http://127.0.0.1:1')).toEqual(['local', 'unreachable']);
    expect(await finalize('not an address')).toEqual(['local', 'unreachable']);
    expect(await finalize(silent.url, 300)).toEqual(['local', 'timeout']);
    expect(await finalize(strict.url)).toEqual(['local', 'refused']);
    expect(await finalize(broken.url)).toEqual(['local', 'unexpected_answer']);
    expect(await finalize(other.url)).toEqual(['local', 'unexpected_answer']);
    for (const each of [silent, strict, broken, other]) {
      each.server.closeAllConnections();
      each.server.close();
    }
  });
});

describe('a session at a real aggregator', () => {
  let aggregator: RunningAggregator;
  let sdk: NodeSDK;
  beforeAll(async () => {
    // Else the SDK's own metrics exporter waits for somebody at its default address.
    vi.stubEnv('OTEL_METRICS_EXPORTER', 'none');
    aggregator = await runAggregator();
    const exporter = new OTLPTraceExporter({ url: `${aggregator.otlpUrl}/v1/traces` });
    sdk = new NodeSDK({
      autoDetectResources: false,
      instrumentations: [],
      // Nothing is sent by time within this test: finalizing has to.
      spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 600_000 })],
    });
    sdk.start();
  });
  afterAll(async () => {
    await sdk.shutdown();
    vi.unstubAllEnvs();
    trace.disable();
    metrics.disable();
    context.disable();
    await aggregator.stop();
  });

  it('is finalized with all its telemetry, and compared with the others of its workflow', async () => {
    const session = async (sessionId: string, calls: number): Promise<TokenManager> => {
      const tokens = new TokenManager({
        workflow: 'blog',
        tenant: 'acme',
        sessionId,
        aggregatorUrl: aggregator.apiUrl,
      });
      await tokens.initialize();
      for (let at = 0; at < calls; at++) {
        tokens.trackAgentResponseTime({
          agent: at % 2 === 0 ? 'Writer' : 'Critic',
          durationMs: 40,
          usage: { ...CALL },
        });
      }
      return tokens;
    };
    for (const id of ['n-1', 'n-2', 'n-3']) {
      const report = await (await session(id, 2)).finalizeSession();
      expect(report).toMatchObject({ source: 'aggregator', session_finalized: true, session_id: id });
    }
    const tokens = await session('n-4', 8);
    const report = await tokens.finalizeSession();
    const local = tokens.figures();
    expect(report).toMatchObject({
      source: 'aggregator',
      session_id: 'n-4',
      workflow: 'blog',
      session_summary: {
        total_tokens: local.tokens.input + local.tokens.output,
        total_cost: local.cost.usd,
        agents_used: ['Critic', 'Writer'],
      },
      agent_performance: { Writer: { message_count: 4 }, Critic: { message_count: 4 } },
      performance_comparison: {
        sessions_compared: 3,
        // The others had 2 × 1100 tokens, this one 8 × 1100.
        metrics: { tokens: { value: 8800, average: 2200, difference: 6600, difference_percent: 300 } },
      },
    });
    expect(report.reason).toBeUndefined();
    expect(report.agent_performance['Writer']?.avg_response_time_ms).toBeCloseTo(40, -1);
  });

  it('is told of locally where its telemetry went elsewhere', async () => {
    const tokens = new TokenManager({ workflow: 'blog', sessionId: 'elsewhere', aggregatorUrl: aggregator.apiUrl });
    expect(await tokens.finalizeSession()).toMatchObject({ source: 'local', reason: 'unknown_session' });
  });
});
