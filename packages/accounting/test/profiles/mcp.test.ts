import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const request = (spanId: string, parentId: string, method: string, rest: Partial<PlainSpan> = {}): PlainSpan =>
  span(spanId, parentId, {
    name: `${method} search`,
    kind: 3,
    attributes: { 'mcp.method.name': method, 'gen_ai.tool.name': 'search', 'mcp.session.id': 'm-1' },
    ...rest,
  });

describe('mcp', () => {
  it('counts a tool once, seen by the framework, the client and the server', () => {
    const { totals } = account({
      spans: [
        span('tool', '', { attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' } }),
        request('client', 'tool', 'tools/call'),
        request('server', 'client', 'tools/call', { kind: 2 }),
      ],
    });
    expect(totals).toMatchObject({ toolCalls: 1 });
  });

  it('counts a client alone, but no server in a trace of its own, no listing and no session of the protocol', () => {
    const figures = account({
      spans: [
        request('client', '', 'tools/call'),
        request('server', '', 'tools/call', { kind: 2, traceId: 'other' }),
        request('list', '', 'tools/list'),
      ],
    });
    expect(figures.totals).toMatchObject({ toolCalls: 1 });
    expect([...figures.by('session').keys()]).toEqual(['']);
  });
});
