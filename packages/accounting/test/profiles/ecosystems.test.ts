// Frameworks and SDKs of many languages, each as its source writes spans. None has a profile of its own: what is here comes out right by
// the conventions' profile or by the generic one.

import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const at = (
  spanId: string,
  parentId: string,
  name: string,
  attributes: PlainSpan['attributes'],
  rest: Partial<PlainSpan> = {},
): PlainSpan => span(spanId, parentId, { name, attributes: attributes ?? {}, ...rest });

const CHAT = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-5' };

const usage = (input: number, output: number, id: string): PlainSpan['attributes'] => ({
  ...CHAT,
  'gen_ai.response.id': id,
  'gen_ai.usage.input_tokens': input,
  'gen_ai.usage.output_tokens': output,
  'gen_ai.usage.reasoning.output_tokens': 2,
});

const generator = (output?: string): PlainSpan =>
  at('a', '', 'haystack.component.run', {
    'haystack.component.name': 'llm',
    'haystack.component.type': 'OpenAIChatGenerator',
    'haystack.component.output': output ?? null,
  });

describe('Java', () => {
  it('Spring AI, whose values are text', () => {
    const figures = account({
      spans: [
        at('client', '', 'spring_ai chat_client', {
          'gen_ai.operation.name': 'framework',
          'gen_ai.system': 'spring_ai',
          'spring.ai.kind': 'chat_client',
          'spring.ai.chat.client.conversation.id': 's-1',
        }),
        at('advisor', 'client', 'call', { 'gen_ai.operation.name': 'framework', 'spring.ai.kind': 'advisor' }),
        at('call', 'advisor', 'chat gpt-5', {
          'gen_ai.operation.name': 'chat',
          'gen_ai.system': 'openai',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.response.id': 'chatcmpl-1',
          'gen_ai.response.finish_reasons': '["STOP"]',
          'gen_ai.usage.input_tokens': '100',
          'gen_ai.usage.output_tokens': '20',
          'gen_ai.usage.total_tokens': '120',
          'gen_ai.usage.cache_read.input_tokens': '40',
        }),
        at('tool', 'advisor', 'tool_call search', {
          'gen_ai.operation.name': 'framework',
          'spring.ai.kind': 'tool_call',
          'spring.ai.tool.definition.name': 'search',
        }),
      ],
    });
    expect(figures.totals).toMatchObject({ inferences: 1, toolCalls: 1, input: 100, output: 20, cacheRead: 40 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
    expect(figures.by('tool').get('search')).toMatchObject({ toolCalls: 1 });
  });

  it('LangChain4j on Quarkus', () => {
    const { totals } = account({
      spans: [
        at('ai', '', 'langchain4j.aiservices.Writer.write', {}),
        at('call', 'ai', 'completion gpt-5', {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'open_ai',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.response.id': 'chatcmpl-1',
          'gen_ai.response.finish_reasons': 'STOP',
          'gen_ai.usage.output_tokens': 20,
          'gen_ai.usage.input_tokens': 100,
          'gen_ai.client.estimated_cost': '0.5 USD',
        }),
        at('tool', 'ai', 'langchain4j.tools.search', {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'search',
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, toolCalls: 1, input: 100, output: 20 });
  });
});

describe('.NET', () => {
  it('Microsoft.Extensions.AI: a chat client outside the loop that invokes tools sums the ones inside', () => {
    const { totals } = account({
      spans: [
        at('outer', '', 'chat gpt-5', usage(250, 30, 'chatcmpl-2'), { kind: 3 }),
        at('loop', 'outer', 'orchestrate_tools', { 'gen_ai.operation.name': 'orchestrate_tools' }),
        at('one', 'loop', 'chat gpt-5', usage(100, 20, 'chatcmpl-1'), { kind: 3 }),
        at('tool', 'loop', 'execute_tool search', {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'search',
        }),
        at('two', 'loop', 'chat gpt-5', usage(150, 10, 'chatcmpl-2'), { kind: 3 }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, toolCalls: 1, input: 250, output: 30 });
  });

  it('Semantic Kernel, whose older versions count in the response', () => {
    const { totals } = account({
      spans: [
        at('a', '', 'chat.completions gpt-4o', {
          'gen_ai.operation.name': 'chat.completions',
          'gen_ai.system': 'openai',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.response.prompt_tokens': 100,
          'gen_ai.response.completion_tokens': 20,
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });
});

describe('Rust', () => {
  it('rig, also where it writes the sum of a run on a span of the application', () => {
    const call = (id: string, operation: string, input: number, output: number): PlainSpan =>
      at(id, 'handler', operation, {
        'gen_ai.operation.name': operation,
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-5',
        'gen_ai.usage.input_tokens': input,
        'gen_ai.usage.output_tokens': output,
        'gen_ai.usage.tool_use_prompt_tokens': 7,
        'gen_ai.usage.reasoning_tokens': 3,
      });
    const { totals } = account({
      spans: [
        at('handler', '', 'handle_question', { 'gen_ai.usage.input_tokens': 250, 'gen_ai.usage.output_tokens': 30 }),
        call('one', 'chat', 100, 20),
        call('two', 'chat_streaming', 150, 10),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, input: 250, output: 30, reasoning: 6 });
  });
});

describe('Python', () => {
  it('Haystack: a generator without usage is missing one, with content it has it', () => {
    const reply = { replies: [{ meta: { model: 'gpt-5', usage: { prompt_tokens: 100, completion_tokens: 20 } } }] };
    expect(account({ spans: [generator(JSON.stringify(reply))] }).totals).toMatchObject({
      inferences: 1,
      input: 100,
      output: 20,
    });
    expect(account({ spans: [generator()] }).entries[0]).toMatchObject({ usageSource: 'missing' });
  });

  it('LiveKit: the node around a request is the request again', () => {
    const { totals } = account({
      spans: [
        at('turn', '', 'agent_turn', { 'lk.agent_label': 'Greeter', 'lk.room_name': 'room-1' }),
        at('node', 'turn', 'llm_node', {
          'gen_ai.request.model': 'gpt-5',
          'lk.llm_metrics': '{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_cached_tokens":40}',
        }),
        at('request', 'node', 'llm_request', {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.usage.input_tokens': 100,
          'gen_ai.usage.output_tokens': 20,
        }),
        at('tool', 'turn', 'function_tool', { 'lk.function_tool.name': 'search' }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, toolCalls: 1, input: 100, output: 20, cacheRead: 40 });
  });

  it('TruLens: generations, and functions that carry the cost of the calls in them', () => {
    const { totals } = account({
      spans: [
        at('root', '', 'query', {
          'ai.observability.span_type': 'record_root',
          'ai.observability.cost.num_prompt_tokens': 100,
          'ai.observability.cost.num_completion_tokens': 20,
          'ai.observability.cost.model': 'gpt-5',
        }),
        at('gen', 'root', 'generate', {
          'ai.observability.span_type': 'generation',
          'ai.observability.generation.model': 'gpt-5',
          'ai.observability.generation.prompt_tokens': 100,
          'ai.observability.generation.completion_tokens': 20,
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });

  it('Promptflow: cumulative counts of flows are nobody’s usage', () => {
    const { totals } = account({
      spans: [
        at('flow', '', 'article', {
          span_type: 'Flow',
          '__computed__.cumulative_token_count.prompt': 100,
          '__computed__.cumulative_token_count.completion': 20,
        }),
        at('call', 'flow', 'openai.chat', {
          span_type: 'LLM',
          'llm.usage.prompt_tokens': 100,
          'llm.usage.completion_tokens': 20,
          'llm.response.model': 'gpt-5',
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });

  it('Azure AI agents: the run has the usage of a thread that runs elsewhere', () => {
    const { totals } = account({
      spans: [
        at('run', '', 'process_thread_run', {
          'gen_ai.operation.name': 'process_thread_run',
          'gen_ai.system': 'az.ai.agents',
          'gen_ai.agent.id': 'asst_1',
          'gen_ai.usage.input_tokens': 100,
          'gen_ai.usage.output_tokens': 20,
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 100, output: 20 });
  });

  it('vLLM: the server’s span is the client’s call again', () => {
    const { totals } = account({
      spans: [
        at(
          'client',
          '',
          'chat llama',
          { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 20 },
          { kind: 3 },
        ),
        at('http', 'client', 'POST', { 'url.full': 'http://vllm:8000/v1/chat/completions' }, { kind: 3 }),
        at(
          'server',
          'http',
          'llm_request',
          {
            'gen_ai.usage.prompt_tokens': 100,
            'gen_ai.usage.completion_tokens': 20,
            'gen_ai.response.model': 'llama',
            'gen_ai.latency.time_to_first_token': 0.1,
          },
          { kind: 2, scope: 'vllm.llm_engine' },
        ),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });
});

describe('SDKs of observability vendors', () => {
  it('LangWatch: metrics as JSON, bare or wrapped', () => {
    for (const metrics of [
      '{"prompt_tokens":100,"completion_tokens":20}',
      '{"type":"json","value":{"promptTokens":100,"completionTokens":20}}',
    ]) {
      const figures = account({
        spans: [
          at('agent', '', 'Writer', { 'langwatch.span.type': 'agent', 'langwatch.thread.id': 's-1' }),
          at('call', 'agent', 'llm', {
            'langwatch.span.type': 'llm',
            'gen_ai.request.model': 'gpt-5',
            'langwatch.metrics': metrics,
          }),
        ],
      });
      expect(figures.totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
      expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
    }
  });

  it('Braintrust: metrics as JSON in Go, Ruby and Java, as attributes in .NET', () => {
    const json =
      '{"prompt_tokens":100,"completion_tokens":20,"tokens":120,"prompt_cached_tokens":40,"completion_reasoning_tokens":8}';
    const expected = { inferences: 1, input: 100, output: 20, cacheRead: 40, reasoning: 8 };
    const type = {
      'braintrust.span_attributes': '{"type":"llm"}',
      'braintrust.metadata': '{"model":"gpt-5","provider":"openai"}',
    };
    expect(
      account({ spans: [at('a', '', 'Chat Completion', { ...type, 'braintrust.metrics': json })] }).totals,
    ).toMatchObject(expected);
    const flat = {
      'braintrust.metrics.prompt_tokens': 100,
      'braintrust.metrics.completion_tokens': 20,
      'braintrust.metrics.prompt_cached_tokens': 40,
      'braintrust.metrics.completion_reasoning_tokens': 8,
    };
    expect(account({ spans: [at('a', '', 'Chat Completion', { ...type, ...flat })] }).totals).toMatchObject(expected);
  });

  it('LoongSuite and Dify: kinds of spans without operations', () => {
    const figures = account({
      spans: [
        at('chain', '', 'message', { 'gen_ai.span.kind': 'CHAIN', 'gen_ai.session.id': 's-1' }),
        at('call', 'chain', 'llm', {
          'gen_ai.span.kind': 'LLM',
          'gen_ai.model_name': 'gpt-5',
          'gen_ai.usage.input_tokens': 100,
          'gen_ai.usage.output_tokens': 20,
          'gen_ai.usage.total_tokens': 120,
        }),
        at('tool', 'chain', 'search', { 'gen_ai.span.kind': 'TOOL', 'tool.name': 'search' }),
      ],
    });
    expect(figures.totals).toMatchObject({ inferences: 1, toolCalls: 1, input: 100, output: 20 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
  });

  it('gateways that name no operation', () => {
    const { totals } = account({
      spans: [
        at('a', '', 'POST /v1/chat', {
          'gen_ai.model.provider': 'openai',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.usage.input_tokens': 100,
          'gen_ai.usage.output_tokens': 20,
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });
});
