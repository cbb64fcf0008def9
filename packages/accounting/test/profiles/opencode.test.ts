import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

function aiSpan(spanId: string, parentId: string, operation: string, session: string): PlainSpan {
  return span(spanId, parentId, {
    resource: { 'service.name': 'opencode' },
    scope: 'ai',
    name: operation,
    attributes: {
      'ai.operationId': operation,
      'ai.telemetry.metadata.sessionId': session,
      'session.id': session,
      'ai.usage.inputTokens': 500,
      'ai.usage.outputTokens': 60,
      ...(operation.endsWith('doStream')
        ? { 'gen_ai.usage.input_tokens': 500, 'gen_ai.usage.output_tokens': 60, 'gen_ai.request.model': 'gpt-5' }
        : {}),
    },
  });
}

describe('opencode', () => {
  it('counts the inner span of a call and not the outer, which says the same', () => {
    const { totals, entries } = account({
      spans: [
        aiSpan('outer', '', 'ai.streamText', 'ses_1'),
        aiSpan('inner', 'outer', 'ai.streamText.doStream', 'ses_1'),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 500, output: 60 });
    expect(entries.find(({ inferences }) => inferences === 1)?.session).toBe('ses_1');
  });

  it('keeps a sub-agent’s session in the one around it', () => {
    const figures = account({
      spans: [
        aiSpan('outer', '', 'ai.streamText', 'ses_1'),
        aiSpan('inner', 'outer', 'ai.streamText.doStream', 'ses_1'),
        span('tool', 'outer', {
          resource: { 'service.name': 'opencode' },
          attributes: { 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'task' },
        }),
        aiSpan('sub', 'tool', 'ai.streamText', 'ses_2'),
        aiSpan('call', 'sub', 'ai.streamText.doStream', 'ses_2'),
      ],
    });
    expect(figures.by('session').get('ses_1')).toMatchObject({ inferences: 2, input: 1000 });
    expect(figures.by('session').has('ses_2')).toBe(false);
  });
});
