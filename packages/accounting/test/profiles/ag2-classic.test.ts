import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const SCOPE = { name: 'opentelemetry.instrumentation.ag2', version: '0.14.0' };

function ag2(
  spanId: string,
  parentId: string,
  attributes: Record<string, string | number>,
  rest: Partial<PlainSpan> = {},
): PlainSpan {
  return span(spanId, parentId, { scope: SCOPE, attributes, ...rest });
}

const CONVERSATION = {
  'ag2.span.type': 'conversation',
  'gen_ai.operation.name': 'conversation',
  'gen_ai.agent.name': 'User',
};
const agent = (name: string): Record<string, string> => ({
  'ag2.span.type': 'agent',
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': name,
});
const LLM = {
  'ag2.span.type': 'llm',
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4.1',
  'gen_ai.response.model': 'gpt-4.1-2025-04-14',
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.output_tokens': 100,
  'gen_ai.usage.cost': 0.0028,
};

describe('AG2 0.x', () => {
  it('counts llm spans, and never what a conversation says that its clients spent', () => {
    const { totals, entries } = account({
      spans: [
        ag2('chat', '', {
          ...CONVERSATION,
          'gen_ai.conversation.id': '218489270827141499308022115695913453386',
          'gen_ai.usage.input_tokens': 9000,
          'gen_ai.usage.output_tokens': 900,
          'gen_ai.usage.cost': 0.5,
        }),
        ag2('manager', 'chat', agent('chat_manager')),
        ag2('writer', 'manager', agent('Writer')),
        ag2('call', 'writer', { ...LLM, 'gen_ai.agent.name': 'Writer' }),
      ],
    });
    expect(totals).toMatchObject({
      inferences: 1,
      turns: 1,
      input: 1000,
      output: 100,
      excludedInput: 9000,
      excludedOutput: 900,
    });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      // The id is a number of 39 digits: text, or it is another one.
      session: '218489270827141499308022115695913453386',
      agent: 'Writer',
      model: 'gpt-4.1-2025-04-14',
      claim: { nanoUsd: 2_800_000, by: 'client_table' },
      usageSource: 'provider',
    });
  });

  it('does not book a conversation either where none of its calls was seen', () => {
    const { totals } = account({
      spans: [
        ag2('chat', '', { ...CONVERSATION, 'gen_ai.usage.input_tokens': 9000, 'gen_ai.usage.output_tokens': 900 }),
      ],
    });
    expect(totals).toMatchObject({ input: 0, output: 0 });
  });

  it('takes the outermost conversation, shows the selection as such and nobody of it as a speaker', () => {
    const { totals, entries } = account({
      spans: [
        ag2('chat', '', { ...CONVERSATION, 'gen_ai.conversation.id': '1' }),
        ag2('manager', 'chat', agent('chat_manager')),
        ag2('selection', 'manager', {
          'ag2.span.type': 'speaker_selection',
          'gen_ai.operation.name': 'speaker_selection',
        }),
        ag2('nested', 'selection', {
          ...CONVERSATION,
          'gen_ai.agent.name': 'checking_agent',
          'gen_ai.conversation.id': '2',
          'gen_ai.usage.input_tokens': 700,
          'gen_ai.usage.output_tokens': 7,
        }),
        ag2('selector', 'nested', agent('speaker_selection_agent')),
        ag2('pick', 'selector', {
          ...LLM,
          'gen_ai.agent.name': 'speaker_selection_agent',
          'gen_ai.usage.input_tokens': 700,
          'gen_ai.usage.output_tokens': 7,
        }),
        ag2('checker', 'nested', agent('checking_agent')),
        ag2('writer', 'manager', agent('Writer')),
        ag2('call', 'writer', { ...LLM, 'gen_ai.agent.name': 'Writer' }),
        ag2('executor', 'manager', agent('_Group_Tool_Executor')),
        ag2('tool', 'executor', {
          'ag2.span.type': 'tool',
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'transfer_to_Critic_1',
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 2, turns: 1, toolCalls: 1, handoffs: 1, input: 1700, output: 107 });
    const calls = entries.filter(({ kind }) => kind === 'inference');
    expect(calls.map(({ recordId, session, purpose }) => [recordId, session, purpose])).toEqual([
      ['pick', '1', 'speaker_selection'],
      ['call', '1', ''],
    ]);
    expect(entries.find(({ handoffTo }) => handoffTo !== '')).toMatchObject({ handoffTo: 'Critic' });
  });

  it('does not blame the initiator for a summary that nobody spoke', () => {
    const { entries } = account({
      spans: [ag2('chat', '', { ...CONVERSATION, 'gen_ai.conversation.id': '1' }), ag2('call', 'chat', LLM)],
    });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: '',
      purpose: 'summary',
      session: '1',
    });
  });

  it("keeps an application's own session id before AG2's", () => {
    const { entries } = account({
      spans: [
        span('app', '', { attributes: { 'session.id': 'mine' } }),
        ag2('chat', 'app', { ...CONVERSATION, 'gen_ai.conversation.id': '1' }),
        ag2('call', 'chat', { ...LLM, 'gen_ai.agent.name': 'Writer' }),
      ],
    });
    expect(entries.find(({ kind }) => kind === 'inference')?.session).toBe('mine');
  });

  it('counts an orphaned selection in a trace of its own, as unattributed', () => {
    const { entries, totals } = account({
      spans: [ag2('pick', '', { ...LLM, 'gen_ai.agent.name': 'speaker_selection_agent' })],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 1000 });
    expect(entries[0]).toMatchObject({ session: '', agent: 'speaker_selection_agent', purpose: 'speaker_selection' });
  });

  it('counts one failed call as one error, though four spans show it', () => {
    const failed = { status: 2, exceptionType: 'openai.BadRequestError' };
    const { totals, entries } = account({
      spans: [
        ag2('chat', '', CONVERSATION, failed),
        ag2('manager', 'chat', agent('chat_manager'), failed),
        ag2('writer', 'manager', agent('Writer'), failed),
        ag2(
          'call',
          'writer',
          {
            'ag2.span.type': 'llm',
            'gen_ai.operation.name': 'chat',
            'gen_ai.agent.name': 'Writer',
            'error.type': 'BadRequestError',
          },
          failed,
        ),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, errors: 1, input: 0 });
    // A failed chat never gets an id: its quiet trace is a session of its own.
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({ session: 'trace:t', usageSource: 'none' });
  });

  it.each(['responses', 'responses_v2', 'openai_v2'])(
    'reports missing usage of api_type %s under the provider it stands for',
    (provider) => {
      const { 'gen_ai.usage.input_tokens': _in, 'gen_ai.usage.output_tokens': _out, ...rest } = LLM;
      const { entries } = account({
        spans: [ag2('call', '', { ...rest, 'gen_ai.provider.name': provider, 'gen_ai.usage.cost': 0 })],
      });
      expect(entries[0]).toMatchObject({ inferences: 1, usageSource: 'missing', provider: 'openai', claim: undefined });
    },
  );

  it("marks Anthropic's input, which leaves the cache out, and Gemini's output, which leaves thoughts out, as estimates", () => {
    const { entries } = account({
      spans: [
        ag2('a', '', { ...LLM, 'gen_ai.provider.name': 'anthropic' }, { traceId: 'a' }),
        ag2('b', '', { ...LLM, 'gen_ai.provider.name': 'google' }, { traceId: 'b' }),
      ],
    });
    expect(entries.map(({ provider, usageSource, notes }) => [provider, usageSource, notes])).toEqual([
      ['anthropic', 'estimated', ['cached_input_not_reported']],
      ['gcp.gemini', 'estimated', ['thoughts_not_reported']],
    ]);
  });

  it('waits for people beside the agents', () => {
    const { totals } = account({
      spans: [
        ag2('human', '', {
          'ag2.span.type': 'human_input',
          'gen_ai.operation.name': 'await_human_input',
          'gen_ai.agent.name': 'User',
        }),
      ],
    });
    // The span of ten milliseconds, in µs.
    expect(totals.humanWaitUs).toBe(10_000);
  });
});
