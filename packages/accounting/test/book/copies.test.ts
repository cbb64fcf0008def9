// One inference seen several times: every row of python-producers.md §2 and the rules of ag2.md §1.

import { describe, expect, it } from 'vitest';
import { account, span, T0 } from '../account.ts';
import { agent, call, CLIENT, FRAMEWORK, GATEWAY, SDK } from './calls.ts';

const ONE = { inferences: 1, input: 100, output: 20 };

describe('copies that are nested', () => {
  it('a framework around the SDK: numbers of the SDK, agent of the framework', () => {
    const { totals, entries } = account({
      spans: [
        agent('agent', 'Writer'),
        call('outer', 'agent', { scope: FRAMEWORK, id: 'msg_1' }),
        call('inner', 'outer', { scope: SDK, id: 'msg_1', cacheRead: 40 }),
      ],
    });
    expect(totals).toMatchObject({ ...ONE, cacheRead: 40 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ recordId: 'inner', agent: 'Writer' });
  });

  it('a framework without ids, exclusive around inclusive: the larger input, never the sum', () => {
    const { totals } = account({
      spans: [
        call('outer', '', { scope: 'openinference.instrumentation.agno', input: 60 }),
        call('inner', 'outer', { scope: SDK, id: 'msg_1', input: 100, cacheRead: 40 }),
      ],
    });
    expect(totals).toMatchObject({ ...ONE, cacheRead: 40 });
  });

  it('a call of AG2 around its client: the client is nearest to the wire, whatever AG2 says', () => {
    const { totals, entries } = account({
      spans: [
        span('ag2', '', {
          scope: { name: 'opentelemetry.instrumentation.ag2', version: '0.14.0' },
          attributes: {
            'ag2.span.type': 'llm',
            'gen_ai.operation.name': 'chat',
            'gen_ai.provider.name': 'anthropic',
            'gen_ai.agent.name': 'Writer',
            'gen_ai.usage.input_tokens': 60,
            'gen_ai.usage.output_tokens': 20,
          },
        }),
        call('sdk', 'ag2', { scope: SDK, id: 'msg_1', cacheRead: 40 }),
      ],
    });
    expect(totals).toMatchObject({ ...ONE, cacheRead: 40 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      usageSource: 'provider',
    });
  });

  it('with spans between that are none of an agent, a tool or a conversation', () => {
    const { totals } = account({
      spans: [
        call('outer', '', { scope: FRAMEWORK }),
        span('retry', 'outer', { name: 'retry 1' }),
        span('step', 'retry', { attributes: { 'gen_ai.operation.name': 'execute_event_loop_cycle' } }),
        call('inner', 'step', { scope: CLIENT, id: 'chatcmpl-1' }),
      ],
    });
    expect(totals).toMatchObject(ONE);
  });

  it('a client around its gateway, through HTTP and another service', () => {
    const { totals, entries } = account({
      spans: [
        agent('agent', 'Writer'),
        call('client', 'agent', { id: 'chatcmpl-1', model: 'my-alias' }),
        span('post', 'client', { kind: 3, attributes: { 'http.request.method': 'POST' } }),
        span('server', 'post', {
          kind: 2,
          resource: { 'service.name': 'litellm' },
          attributes: { 'http.route': '/v1/chat' },
        }),
        call('gateway', 'server', {
          scope: GATEWAY,
          service: 'litellm',
          id: 'chatcmpl-6f1e',
          model: 'gpt-4.1-2025-04-14',
          attributes: { 'litellm.cost.total': 0.002, 'litellm.api_key.hash': 'k' },
        }),
      ],
    });
    expect(totals).toMatchObject(ONE);
    // Who asked, what was really called and what it cost come from different spans.
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      model: 'gpt-4.1-2025-04-14',
      claim: { nanoUsd: 2_000_000, by: 'gateway' },
    });
  });
});

describe('copies in traces of their own', () => {
  it('of one id, in any service', () => {
    const { totals, entries } = account({
      spans: [
        agent('agent', 'Writer', { traceId: 'a', attributes: { 'session.id': 's1' } }),
        call('a', 'agent', { trace: 'a', id: 'chatcmpl-1', service: 'app' }),
        call('b', '', { trace: 'b', scope: SDK, id: 'chatcmpl-1', service: 'elsewhere', from: 30 }),
      ],
    });
    expect(totals).toMatchObject(ONE);
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ session: 's1', agent: 'Writer' });
  });

  it('without an id: listener, client and SDK, three roots of one call', () => {
    const { totals } = account({
      spans: [
        call('a', '', { trace: 'a', scope: 'openinference.instrumentation.crewai', from: 0, to: 100 }),
        call('b', '', { trace: 'b', scope: CLIENT, from: 1, to: 99 }),
        call('c', '', { trace: 'c', scope: SDK, from: 2, to: 98 }),
      ],
    });
    expect(totals).toMatchObject(ONE);
  });

  it.each([
    ['answers: kind SERVER', { kind: 2 }],
    ['is called so by its scope', { scope: 'envoyproxy/ai-gateway' }],
    ['is called so by its service', { resource: { 'service.name': 'llm-proxy' } }],
  ])('of any gateway without ids, which %s', (_, sign) => {
    const { totals, entries } = account({
      spans: [
        agent('agent', 'Writer', { traceId: 'a', attributes: { 'session.id': 's1' } }),
        call('client', 'agent', { trace: 'a', service: 'app', from: 0, to: 100 }),
        { ...call('gateway', '', { trace: 'b', scope: 'gw', service: 'gw', from: 5, to: 90 }), ...sign },
      ],
    });
    expect(totals).toMatchObject(ONE);
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ session: 's1', agent: 'Writer' });
  });

  it('of a gateway that the client told nothing, with two ids that the gateway made up', () => {
    const { totals } = account({
      spans: [
        agent('agent', 'Writer', { traceId: 'a' }),
        call('client', 'agent', { trace: 'a', service: 'app', id: 'resp_bGl0ZWxsbTox', from: 0, to: 400 }),
        // Its clock is a fifth of a second behind.
        call('gateway', '', {
          trace: 'b',
          scope: GATEWAY,
          service: 'litellm',
          id: 'resp_bGl0ZWxsbToy',
          from: -190,
          to: 180,
        }),
      ],
    });
    expect(totals).toMatchObject(ONE);
  });
});

describe('copies that meet through a third', () => {
  it('one by nesting, the other by id', () => {
    const { totals } = account({
      spans: [
        call('outer', '', { scope: FRAMEWORK }),
        call('inner', 'outer', { scope: CLIENT, id: 'chatcmpl-1' }),
        call('gateway', '', { trace: 'other', scope: GATEWAY, id: 'chatcmpl-1', service: 'litellm' }),
      ],
    });
    expect(totals).toMatchObject(ONE);
  });
});

describe('what the copies of a call know', () => {
  it('is put together: parts from whoever has them', () => {
    const { totals } = account({
      spans: [
        call('outer', '', { scope: FRAMEWORK, id: 'x-1', attributes: { 'gen_ai.usage.reasoning.output_tokens': 8 } }),
        call('inner', 'outer', { scope: CLIENT, id: 'x-1', cacheRead: 40 }),
      ],
    });
    expect(totals).toMatchObject({ ...ONE, cacheRead: 40, reasoning: 8 });
  });

  it('is no error where the one with the answer succeeded', () => {
    const { totals } = account({
      spans: [
        { ...call('outer', '', { scope: FRAMEWORK, id: 'x-1' }), status: 2 },
        call('inner', 'outer', { scope: CLIENT, id: 'x-1' }),
      ],
    });
    expect(totals).toMatchObject({ ...ONE, errors: 0 });
  });

  it('is usage where only one of them has any', () => {
    const { totals, entries } = account({
      spans: [
        span('outer', '', {
          scope: 'openinference.instrumentation.openai',
          endMs: T0 + 100,
          attributes: { 'openinference.span.kind': 'LLM', 'llm.model_name': 'gpt-4.1' },
        }),
        call('inner', 'outer', { scope: SDK }),
      ],
    });
    expect(totals).toMatchObject(ONE);
    expect(entries.map(({ usageSource }) => usageSource)).not.toContain('missing');
  });

  it("is estimated only where nobody has the provider's numbers", () => {
    const { entries } = account({
      spans: [
        call('js', '', {
          trace: 'a',
          scope: '@traceloop/instrumentation-openai',
          id: 'chatcmpl-1',
          input: 29,
          output: 1,
        }),
        call('otel', '', { trace: 'b', scope: CLIENT, id: 'chatcmpl-1' }),
      ],
    });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      input: 100,
      output: 20,
      usageSource: 'provider',
    });
  });
});

describe('copies of other forms', () => {
  it('a framework, the beginning of a stream and the record that ends it', () => {
    const { totals } = account({
      spans: [
        call('outer', '', { scope: FRAMEWORK, to: 1000 }),
        span('begin', 'outer', {
          scope: 'logfire.openai',
          kind: 3,
          endMs: T0 + 100,
          attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4.1' },
        }),
        call('end', 'outer', {
          scope: 'logfire.openai',
          from: 900,
          to: 900,
          attributes: { 'logfire.span_type': 'log', duration: 0.8 },
        }),
      ],
    });
    expect(totals).toMatchObject(ONE);
  });

  it('an SDK for agents and its client, both of OpenLLMetry', () => {
    const { totals } = account({
      spans: [
        call('outer', '', { scope: 'opentelemetry.instrumentation.openai_agents', id: 'resp_1' }),
        call('inner', 'outer', { scope: 'opentelemetry.instrumentation.openai', id: 'resp_1' }),
      ],
    });
    expect(totals).toMatchObject(ONE);
  });

  it('a client with another name of the model than the one around it', () => {
    const { entries, totals } = account({
      spans: [
        call('outer', '', { scope: 'openinference.instrumentation.litellm', model: 'openai/gpt-4.1' }),
        call('inner', 'outer', { scope: 'openinference.instrumentation.openai', model: 'gpt-4.1-2025-04-14' }),
      ],
    });
    expect(totals).toMatchObject(ONE);
    expect(entries.find(({ kind }) => kind === 'inference')?.model).toBe('gpt-4.1-2025-04-14');
  });

  it("a gateway's answer from its cache is no call, nor is the client's view of it", () => {
    const { totals } = account({
      spans: [
        call('client', '', { id: 'chatcmpl-1' }),
        call('hit', 'client', { scope: GATEWAY, id: 'chatcmpl-1', attributes: { 'litellm.cache_hit': true } }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 0, input: 0, output: 0, excludedInput: 200 });
  });

  it('a scope that reports an answer twice under one id with one number', () => {
    const { totals } = account({ spans: [call('a', '', { id: 'x-001' }), call('b', '', { trace: 'b', id: 'x-001' })] });
    expect(totals).toMatchObject(ONE);
  });
});
