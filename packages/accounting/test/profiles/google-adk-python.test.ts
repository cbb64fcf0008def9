import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const IDENTITY = { 'gen_ai.agent.name': 'Writer', 'gen_ai.conversation.id': 'c1' };
const CALL = {
  ...IDENTITY,
  'gen_ai.operation.name': 'generate_content',
  'gen_ai.request.model': 'gemini-2.5-flash',
  'gen_ai.usage.input_tokens': 500,
  // Thoughts are inside, other than in JavaScript.
  'gen_ai.usage.output_tokens': 80,
  'gen_ai.usage.cache_read.input_tokens': 128,
  'gen_ai.usage.reasoning.output_tokens': 60,
};

describe('google adk, Python', () => {
  it('counts generate_content as it is, for the agent and the conversation that it names', () => {
    const { totals, entries } = account({
      spans: [
        span('invocation', '', {
          scope: 'gcp.vertex.agent',
          name: 'invocation',
          attributes: {
            'gen_ai.operation.name': 'invoke_workflow',
            'gen_ai.workflow.name': 'article',
            'gen_ai.conversation.id': 'c1',
          },
        }),
        span('agent', 'invocation', {
          scope: 'gcp.vertex.agent',
          attributes: { ...IDENTITY, 'gen_ai.operation.name': 'invoke_agent' },
        }),
        span('call', 'agent', {
          scope: 'gcp.vertex.agent',
          name: 'generate_content gemini-2.5-flash',
          attributes: { ...CALL, 'gen_ai.system': 'gcp.vertex.agent' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500, output: 80, cacheRead: 128, reasoning: 60 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      session: 'c1',
      workflow: 'article',
    });
  });

  it('counts the span of the google-genai instrumentation that stands in for it', () => {
    const { totals } = account({
      spans: [
        span('agent', '', {
          scope: 'gcp.vertex.agent',
          attributes: { ...IDENTITY, 'gen_ai.operation.name': 'invoke_agent' },
        }),
        span('call', 'agent', {
          kind: 3,
          scope: 'opentelemetry.instrumentation.google_genai',
          attributes: { ...CALL, 'gen_ai.provider.name': 'gemini' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500, output: 80, reasoning: 60 });
  });
});
