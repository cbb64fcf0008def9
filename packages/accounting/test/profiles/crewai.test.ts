import { describe, expect, it } from 'vitest';
import { account, span } from '../account.ts';

const CREW = 'opentelemetry.instrumentation.crewai';
const INVOKE = { 'gen_ai.provider.name': 'crewai', 'gen_ai.operation.name': 'invoke_agent' };
const CALL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4.1',
  'gen_ai.usage.input_tokens': 500,
  'gen_ai.usage.output_tokens': 50,
};

describe('crewai under OpenLLMetry', () => {
  it("counts its clients' calls, one turn an agent, and stores no text of a task", () => {
    const text = 'Write an article about our secret merger';
    const { totals, entries } = account({
      spans: [
        span('crew', '', {
          scope: CREW,
          name: 'crewai.workflow',
          attributes: {
            ...INVOKE,
            'crewai.crew.name': 'article_crew',
            'crewai.crew.token_usage': 'total_tokens=9900 prompt_tokens=9000 completion_tokens=900',
          },
        }),
        span('task', 'crew', {
          scope: CREW,
          name: `${text}.task`,
          attributes: { ...INVOKE, 'traceloop.span.kind': 'task', 'crewai.task.description': text },
        }),
        // What the agent's model client has spent so far, all its tasks together.
        span('agent', 'task', {
          scope: CREW,
          name: 'Writer.agent',
          attributes: {
            ...INVOKE,
            'traceloop.span.kind': 'agent',
            'gen_ai.agent.name': 'Writer',
            'gen_ai.usage.input_tokens': 7000,
            'gen_ai.usage.output_tokens': 700,
          },
        }),
        span('llm', 'agent', {
          scope: CREW,
          kind: 3,
          name: 'gpt-4.1.llm',
          attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4.1' },
        }),
        span('call', 'llm', {
          scope: 'opentelemetry.instrumentation.openai',
          kind: 3,
          name: 'openai.chat',
          attributes: { ...CALL, 'gen_ai.response.id': 'chatcmpl-1' },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500, output: 50, excludedInput: 7000 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      workflow: 'article_crew',
    });
    expect(JSON.stringify(entries)).not.toContain('secret merger');
  });

  it('does not book what an agent has spent in its life', () => {
    const { totals } = account({
      spans: [
        span('agent', '', {
          scope: CREW,
          attributes: {
            ...INVOKE,
            'traceloop.span.kind': 'agent',
            'gen_ai.agent.name': 'Writer',
            'gen_ai.usage.input_tokens': 7000,
            'gen_ai.usage.output_tokens': 700,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ input: 0, excludedInput: 7000 });
  });
});

describe('crewai under OpenInference', () => {
  const LISTENER = 'openinference.instrumentation.crewai';
  const LLM = { 'openinference.span.kind': 'LLM', 'llm.token_count.prompt': 500, 'llm.token_count.completion': 50 };

  it("takes the role from its node, and the client's call for the listener's", () => {
    const { totals, entries } = account({
      spans: [
        span('kickoff', '', {
          scope: LISTENER,
          name: 'article_crew.kickoff',
          attributes: { 'openinference.span.kind': 'CHAIN', 'llm.token_count.total': 550 },
        }),
        // The node above is who spoke before, not who called.
        span('agent', 'kickoff', {
          scope: LISTENER,
          name: 'Writer.task._execute_core',
          attributes: {
            'openinference.span.kind': 'AGENT',
            'graph.node.id': 'Writer',
            'graph.node.parent_id': 'Planner',
          },
        }),
        span('listener', 'agent', {
          scope: LISTENER,
          name: 'gpt-4.1.llm_call',
          attributes: { ...LLM, 'llm.model_name': 'gpt-4.1' },
        }),
        // The client's span began a trace of its own.
        span('client', '', {
          traceId: 'other',
          scope: 'openinference.instrumentation.openai',
          name: 'ChatCompletion',
          attributes: {
            ...LLM,
            'llm.model_name': 'gpt-4.1-2025-04-14',
            'llm.token_count.completion_details.reasoning': 16,
          },
        }),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, turns: 1, input: 500, output: 50, reasoning: 16 });
    expect(entries.find(({ kind }) => kind === 'inference')).toMatchObject({
      agent: 'Writer',
      workflow: 'article_crew',
      model: 'gpt-4.1-2025-04-14',
    });
  });
});
