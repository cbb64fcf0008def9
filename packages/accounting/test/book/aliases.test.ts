import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alias, BUILT_IN_PROFILES, logFrom, observe, ProfileList } from '@turnmeter/accounting';
import { Aliases } from '../../src/book/aliases.ts';
import { Trace } from '../../src/book/trace.ts';
import { T0 } from '../account.ts';

const parent = (from: string, to: string): Alias => ({ kind: 'session_parent', from, to });

/** Roots of five ids after these have been told to belong to each other. */
function rootsAfter(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const aliases = new Aliases();
  for (const [from, to] of pairs) aliases.add(parent(from, to));
  return ['a', 'b', 'c', 'd', 'e'].map((id) => aliases.rootSession(id));
}

describe('aliases', () => {
  it('follow sub-agents of sub-agents to the outermost session', () => {
    const aliases = new Aliases();
    aliases.add(parent('c', 'b'));
    aliases.add(parent('b', 'a'));
    expect(['a', 'b', 'c', 'x'].map((id) => aliases.rootSession(id))).toEqual(['a', 'a', 'a', 'x']);
  });

  it('name the same root in whatever order they are told, also twice, contradictory or in circles', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, ids), { maxLength: 12 }), fc.integer(), (pairs, seed) => {
        const rotated = [...pairs.slice(seed % (pairs.length + 1)), ...pairs.slice(0, seed % (pairs.length + 1))];
        expect(rootsAfter(rotated)).toEqual(rootsAfter(pairs));
        expect(rootsAfter([...pairs, ...pairs].toReversed())).toEqual(rootsAfter(pairs));
      }),
    );
  });

  it('take the smaller of two names', () => {
    for (const names of [
      ['writer', 'critic'],
      ['critic', 'writer'],
    ]) {
      const aliases = new Aliases();
      for (const to of names) aliases.add({ kind: 'agent_name', from: 'id', to });
      expect(aliases.agentName('id')).toBe('critic');
    }
  });

  it('tell which traces they change: those that name the id or one that belongs to it', () => {
    const aliases = new Aliases();
    const traces = ['a', 'b', 'c'].map((conversation) => {
      const trace = new Trace(conversation);
      aliases.use(trace, completion(conversation));
      return trace;
    });
    expect([...aliases.add(parent('c', 'b'))]).toEqual([traces[2]]);
    expect([...aliases.add(parent('b', 'a'))]).toEqual([traces[1], traces[2]]);
    expect([...aliases.add(parent('b', 'a'))]).toEqual([]);
  });
});

function completion(conversation: string): Parameters<Aliases['use']>[1] {
  const profiles = new ProfileList(BUILT_IN_PROFILES);
  const log = {
    id: conversation,
    scope: 'codex_otel.log_only',
    timeMs: T0,
    attributes: {
      'event.name': 'codex.sse_event',
      'event.kind': 'response.completed',
      'conversation.id': conversation,
      input_token_count: 1,
      output_token_count: 1,
    },
  };
  return observe(logFrom(log, profiles), { profiles, tenant: 'acme', receivedUs: T0 * 1000 });
}
