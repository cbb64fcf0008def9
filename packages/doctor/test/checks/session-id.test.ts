import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

describe('session-id', () => {
  const packages = { '@openai/agents@0.20.0': {}, '@langchain/core@1.4.0': {} };

  it('finds that nothing names a session, and says how each framework does it', async () => {
    const [finding] = await findingsOf('session-id', { packages, files: { 'a.ts': 'await run(agent, input);' } });
    expect(finding).toMatchObject({
      severity: 'advice',
      isHeuristic: true,
      fix: [
        "@langchain/core: graph.invoke(input, { configurable: { thread_id: '…' } })",
        "@openai/agents: withTrace('workflow', () => run(agent, input), { groupId: '…' })",
      ],
    });
  });

  it.for([
    'graph.invoke(input, { configurable: { thread_id: id } })',
    "withTrace('w', f, { groupId })",
    "groupChat({ workflow: 'w' })",
    "span.setAttribute('session.id', id)",
    'const conversationId = request.params.id;',
  ])('is silent where sources have %s', async (code) => {
    expect(await findingsOf('session-id', { packages, files: { 'a.ts': code } })).toEqual([]);
  });

  it('is silent without sources or frameworks', async () => {
    expect(await findingsOf('session-id', { packages })).toEqual([]);
    expect(await findingsOf('session-id', { files: { 'a.ts': 'run()' } })).toEqual([]);
  });
});
