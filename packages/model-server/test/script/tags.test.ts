import { expect, test } from 'vitest';
import type { RequestContent } from '../../src/index.ts';
import { readTags, withoutTags } from '../../src/script/tags.ts';

function content(system: string, ...texts: readonly string[]): RequestContent {
  const messages = texts.map((text) => ({ role: 'user' as const, text, toolCalls: [] }));
  return { model: 'm', streamed: false, system, messages, tools: [] };
}

test('tags are read from the system prompt', () => {
  expect(readTags(content('You write. [agent:Writer] [session:s-1]', 'Go.'))).toEqual({
    agent: 'Writer',
    session: 's-1',
  });
});

test('the agent of the system prompt wins over that of the first message, which may name the session', () => {
  const first = 'Go. [agent:Planner] [session: run 7 ]';

  expect(readTags(content('[agent:Writer]', first))).toEqual({ agent: 'Writer', session: 'run 7' });
});

test('later messages name nobody, since they quote others', () => {
  expect(readTags(content('', 'Go.', '[agent:Planner] [session:s]'))).toEqual({ agent: undefined, session: undefined });
});

test('quoted text has no tags', () => {
  expect(withoutTags('Go [agent:A]  now. [session:s]')).toBe('Go now.');
});
