import { describe, expect, it } from 'vitest';
import { account, span, T0 } from '../account.ts';

/** As Python writes it. */
const USAGE_OBJECT =
  "{'completion_tokens': 50, 'prompt_tokens': 500, 'total_tokens': 550, 'completion_tokens_details': {'accepted_prediction_tokens': None, 'reasoning_tokens': 16}, 'prompt_tokens_details': {'audio_tokens': None, 'cached_tokens': 128}}";
const V1 = {
  'llm.request.type': 'acompletion',
  'gen_ai.operation.name': 'acompletion',
  'gen_ai.request.model': 'gpt-4.1',
  'gen_ai.response.model': 'my-alias',
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.usage.input_tokens': 500,
  'gen_ai.usage.output_tokens': 50,
  'gen_ai.usage.total_tokens': 550,
  'metadata.usage_object': USAGE_OBJECT,
  'metadata.user_api_key_hash': '88dc28d0',
  'metadata.user_api_key_user_id': 'user-7',
  'metadata.requester_metadata': "{'session_id': 's1', 'trace': None, 'is_test': True}",
  'gen_ai.cost.total_cost': 0.0014,
};
const HTTP = { 'http.request.method': 'POST', 'url.full': 'http://gateway/v1/chat/completions' };

describe('litellm, version 1', () => {
  it("reads parts, session and user from Python literals, and the cost as the gateway's", () => {
    const { totals, entries } = account({
      spans: [span('a', '', { scope: 'litellm', name: 'litellm_request', attributes: V1 })],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50, cacheRead: 128, reasoning: 16 });
    expect(entries[0]).toMatchObject({
      session: 's1',
      user: 'user-7',
      claim: { nanoUsd: 1_400_000, by: 'gateway' },
      usageSource: 'provider',
    });
  });

  it.each(['completion', 'acompletion', 'aresponses', 'anthropic_messages', 'atext_completion'])(
    'counts the entry point %s',
    (operation) => {
      const { totals } = account({
        spans: [span('a', '', { scope: 'litellm', attributes: { ...V1, 'gen_ai.operation.name': operation } })],
      });
      expect(totals.inferences).toBe(1);
    },
  );

  it('counts a request whose operation was not exported by its usage, and a request of the server not at all', () => {
    const { 'gen_ai.operation.name': _op, 'llm.request.type': _type, ...rest } = V1;
    const { totals } = account({
      spans: [
        span('server', '', {
          scope: 'litellm',
          name: 'Received Proxy Server Request',
          kind: 2,
          attributes: { 'metadata.user_api_key_hash': '88dc28d0' },
        }),
        span('a', 'server', { scope: 'litellm', attributes: rest }),
        span('guard', 'server', {
          scope: 'litellm',
          name: 'guardrail',
          attributes: { 'metadata.user_api_key_team_id': 't1' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500 });
  });

  it('reads whole usage from the literal where the attributes have none', () => {
    const {
      'gen_ai.usage.input_tokens': _in,
      'gen_ai.usage.output_tokens': _out,
      'gen_ai.usage.total_tokens': _total,
      ...rest
    } = V1;
    const { totals } = account({
      spans: [
        span('a', '', {
          scope: 'litellm',
          attributes: {
            ...rest,
            'metadata.usage_object':
              "{'input_tokens': 100, 'output_tokens': 30, 'cache_read_input_tokens': 400, 'cache_creation_input_tokens': 50}",
          },
        }),
      ],
    });
    // Anthropic's own object: the cache is beside.
    expect(totals).toMatchObject({ input: 550, output: 30, cacheRead: 400, cacheWrite: 50 });
  });

  it("counts the provider's answer below a request with it", () => {
    const { totals } = account({
      spans: [
        span('a', '', { scope: 'litellm', name: 'litellm_request', attributes: V1 }),
        span('raw', 'a', {
          scope: 'litellm',
          name: 'raw_gen_ai_request',
          attributes: {
            'llm.openai.id': 'chatcmpl-1',
            'llm.openai.usage': USAGE_OBJECT,
            'metadata.user_api_key_team_id': 'team',
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50, cacheRead: 128, reasoning: 16 });
  });

  it.each([
    ['a cache key', { hidden_params: '{"model_id": "m", "cache_key": "1f2e", "response_cost": 0.0}' }],
    ['no cost beside a price', { hidden_params: '{"cache_key": null, "response_cost": 0.0}' }],
    ['a flag', { 'litellm.cache_hit': true }],
  ])('bills nobody for a cache hit, known by %s', (_by, mark) => {
    const { totals, entries } = account({
      spans: [
        span('app', '', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.genai.openai',
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.response.id': 'chatcmpl-1',
            'gen_ai.usage.input_tokens': 500,
            'gen_ai.usage.output_tokens': 50,
          },
        }),
        span('http', 'app', { kind: 3, attributes: HTTP }),
        span('hit', 'http', {
          scope: 'litellm',
          resource: { 'service.name': 'litellm-proxy' },
          attributes: { ...V1, ...mark },
        }),
        span('raw', 'hit', {
          scope: 'litellm',
          name: 'raw_gen_ai_request',
          attributes: { 'metadata.user_api_key_team_id': 'team' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 0, input: 0, output: 0 });
    expect(entries.map(({ reason }) => reason)).toContain('cache_hit');
  });

  it('counts the first call once when a cache repeats its answer', () => {
    const { totals } = account({
      spans: [
        span('first', '', { traceId: 'a', scope: 'litellm', attributes: { ...V1, 'litellm.cache_hit': false } }),
        span('again', '', {
          traceId: 'b',
          scope: 'litellm',
          startMs: T0 + 60_000,
          endMs: T0 + 60_002,
          attributes: { ...V1, 'litellm.cache_hit': true },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50 });
  });

  it("takes a cost in an application's own process for one more table's", () => {
    const { entries } = account({
      spans: [span('a', '', { scope: 'litellm', attributes: { ...V1, 'metadata.user_api_key_hash': 'None' } })],
    });
    expect(entries[0]?.claim?.by).toBe('client_table');
  });

  it("shows a retried 429 as an error beside the call, and takes no id of LiteLLM's for the provider's", () => {
    const { totals } = account({
      spans: [
        span('app', '', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.genai.openai',
          endMs: T0 + 100,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.response.id': 'chatcmpl-1',
            'gen_ai.usage.input_tokens': 500,
            'gen_ai.usage.output_tokens': 50,
          },
        }),
        span('failed', 'app', {
          scope: 'litellm',
          status: 2,
          attributes: {
            'gen_ai.operation.name': 'acompletion',
            'metadata.user_api_key_hash': 'x',
            'gen_ai.response.id': '6f1ed002-ab55-4f2c-9df0-0242ac120002',
            'error.type': 'RateLimitError',
          },
        }),
        span('ok', 'app', { scope: 'litellm', startMs: T0 + 20, endMs: T0 + 90, attributes: V1 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, errors: 1, input: 500, output: 50 });
  });
});

describe('litellm, version 2', () => {
  it("counts a chat under the real model's name, in its conversation", () => {
    const { entries, totals } = account({
      spans: [
        span('a', '', {
          kind: 3,
          scope: 'litellm',
          name: 'chat my-alias',
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.provider.name': 'openai',
            'gen_ai.request.model': 'my-alias',
            'gen_ai.response.model': 'my-alias',
            'litellm.provider.model': 'gpt-4.1-2025-04-14',
            'gen_ai.usage.input_tokens': 500,
            'gen_ai.usage.prompt_tokens': 500,
            'gen_ai.usage.output_tokens': 50,
            'gen_ai.usage.completion_tokens': 50,
            'gen_ai.usage.cache_read.input_tokens': 128,
            'gen_ai.conversation.id': 'c1',
            'litellm.cost.total': 0.0014,
            'litellm.api_key.hash': '88dc28d0',
            'litellm.call_type': 'acompletion',
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 50, cacheRead: 128 });
    expect(entries[0]).toMatchObject({
      model: 'gpt-4.1-2025-04-14',
      session: 'c1',
      claim: { nanoUsd: 1_400_000, by: 'gateway' },
    });
  });
});
