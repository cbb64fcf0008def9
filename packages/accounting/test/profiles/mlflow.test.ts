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

const mlflow = (id: string, parent: string, type: string, more: PlainSpan['attributes'] = {}): PlainSpan =>
  at(id, parent, 'LM.__call__', {
    'mlflow.spanType': JSON.stringify(type),
    'mlflow.llm.model': '"gpt-5"',
    'mlflow.llm.provider': '"openai"',
    'mlflow.trace.session': '"s-1"',
    ...more,
  });

describe('mlflow', () => {
  it('MLflow and DSPy: values are JSON, the usage an object', () => {
    const json = '{"input_tokens":100,"output_tokens":20,"total_tokens":120,"cache_read_input_tokens":40}';
    const figures = account({
      spans: [
        mlflow('agent', '', 'AGENT'),
        mlflow('call', 'agent', 'CHAT_MODEL', { 'mlflow.chat.tokenUsage': json }),
        mlflow('tool', 'agent', 'TOOL'),
      ],
    });
    expect(figures.totals).toMatchObject({ inferences: 1, toolCalls: 1, input: 100, output: 20, cacheRead: 40 });
    expect(figures.by('model').get('gpt-5')).toMatchObject({ input: 100 });
    expect(figures.by('session').get('s-1')).toMatchObject({ input: 100 });
  });

  it.each([
    // MLflow 3.17 brings Anthropic's numbers into inclusive form, and tells the one-hour part.
    [
      '"cache_read_input_tokens":40,"cache_creation_input_tokens":12,"cache_creation_input_tokens_above_1hr":5',
      'provider',
    ],
    // Before, it may have left the cached part out: nothing on the record tells.
    ['"cache_read_input_tokens":40', 'estimated'],
  ])('MLflow with Anthropic and %s', (cached, usageSource) => {
    const { totals, entries } = account({
      spans: [
        at('a', '', 'Messages.create', {
          'mlflow.spanType': '"CHAT_MODEL"',
          'mlflow.llm.model': '"claude-opus-5"',
          'mlflow.chat.tokenUsage': `{"input_tokens":100,"output_tokens":20,"total_tokens":120,${cached}}`,
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 100, output: 20, cacheRead: 40 });
    expect(entries[0]?.usageSource).toBe(usageSource);
  });

  it('MLflow, whose kind says that a span named after it is an agent', () => {
    const figures = account({
      spans: [
        at('run', '', 'article', { 'mlflow.spanType': '"CHAIN"' }),
        at('agent', 'run', 'Planner', { 'mlflow.spanType': '"AGENT"' }),
        at('call', 'agent', 'Completions', {
          'mlflow.spanType': '"CHAT_MODEL"',
          model: '"gpt-5-mini"',
          'mlflow.llm.model': '"gpt-5-mini-2025-08-07"',
          'mlflow.chat.tokenUsage': '{"input_tokens":100,"output_tokens":20,"total_tokens":120}',
        }),
      ],
    });
    expect(figures.by('agent').get('Planner')).toMatchObject({ turns: 1, input: 100, output: 20 });
    expect(figures.by('model').get('gpt-5-mini-2025-08-07')).toMatchObject({ input: 100 });
    // The run names no session, so it is one of its own.
    expect(figures.by('session').get('trace:t')).toMatchObject({ input: 100 });
  });

  it.each(['agent', 'Agent.run', 'AgentExecutor', 'invoke', 'agent_loop'])(
    'an agent of a kind that is called %s is nobody by name',
    (name) => {
      const figures = account({
        spans: [
          at('agent', '', name, { 'mlflow.spanType': '"AGENT"' }),
          at('call', 'agent', 'Completions', {
            'mlflow.spanType': '"CHAT_MODEL"',
            'mlflow.chat.tokenUsage': '{"input_tokens":100,"output_tokens":20,"total_tokens":120}',
          }),
        ],
      });
      expect([...figures.by('agent').keys()]).toEqual(['']);
    },
  );
});
