import type { ModelRequest, Reply } from '@turnmeter/model-server';

/** What the server knows an agent by. */
export function tags(agent: string, session: string): string {
  return `[agent:${agent}][session:${session}]`;
}

/** The Editor asks two reporters at once, by tools, and then answers; each reporter looks something up first. */
export function newsroomScript(request: ModelRequest): Reply {
  const usage = { cacheRead: 200, reasoning: 3 };
  const hasToolResult = request.messages.some(({ role }) => role === 'tool');
  if (hasToolResult) return { text: `${request.agent} is done.`, usage };
  if (request.agent === 'Editor') {
    return {
      toolCalls: [
        { name: 'askReporter', arguments: { beat: 'sea' } },
        { name: 'askReporter', arguments: { beat: 'sky' } },
      ],
      usage,
    };
  }
  if (request.agent?.startsWith('Reporter') === true)
    return { toolCalls: [{ name: 'lookUp', arguments: { what: 'facts' } }], usage };
  return { text: 'Well.', usage };
}
