import { expect, test } from 'vitest';
import { gradeMatch, MatchGrade, parseMatchClause } from '../src/match-clause.ts';

const { None, Loose, Precise } = MatchGrade;

function grade(clause: unknown, name: string): MatchGrade {
  return gradeMatch(parseMatchClause(clause), name);
}

test.each(['', '-20250929', '@20250929', '-latest', '-v1:0', '-preview-05-20', '-2025-09-29', '-20250929-v1:0:200k'])(
  'takes a name followed by "%s" for the same model',
  (revision) => {
    expect(grade({ starts_with: 'claude-sonnet-4-5' }, `claude-sonnet-4-5${revision}`)).toBe(Precise);
  },
);

test.each(['-mini', '-5', '.1', '-thinking', ':8b', '-of-our-team', '-1', 'x'])(
  'takes a name followed by "%s" for a guess',
  (rest) => {
    expect(grade({ starts_with: 'claude-sonnet-5' }, `claude-sonnet-5${rest}`)).toBe(Loose);
  },
);

test('recognizes nothing in another name', () => {
  expect(grade({ starts_with: 'claude-sonnet-5' }, 'claude-sonnet-4')).toBe(None);
});

test('accepts a region and a vendor before a name, and nothing else', () => {
  const clause = { contains: 'nova-pro' };
  expect(grade(clause, 'us.amazon.nova-pro-v1:0')).toBe(Precise);
  expect(grade(clause, 'us-gov.amazon.nova-pro')).toBe(Precise);
  expect(grade(clause, 'our-nova-pro')).toBe(Loose);
});

test('understands texts that end within a date', () => {
  expect(grade({ starts_with: 'claude-sonnet-4-2025' }, 'claude-sonnet-4-20250514')).toBe(Precise);
  expect(grade({ contains: 'gemini-2.0-flash-0' }, 'gemini-2.0-flash-001')).toBe(Precise);
  expect(grade({ starts_with: 'gpt-5-nano-' }, 'gpt-5-nano-2025-08-07')).toBe(Precise);
  expect(grade({ starts_with: 'claude-opus-4-1' }, 'claude-opus-4-10')).toBe(Loose);
});

test('takes an anchored expression for precise and a mere filter for none', () => {
  expect(grade({ regex: String.raw`^gpt-6-sol-\d{4}-\d{2}-\d{2}$` }, 'gpt-6-sol-2026-08-01')).toBe(Precise);
  expect(grade({ regex: String.raw`^gemini-3\.5-flash-\d` }, 'gemini-3.5-flash-001')).toBe(Precise);
  const filtered = { and: [{ starts_with: 'gemini-2.5-pro' }, { regex: '^(?!.*-tts)' }] };
  expect(grade(filtered, 'gemini-2.5-pro-preview-05-06')).toBe(Precise);
  expect(grade(filtered, 'gemini-2.5-pro-preview-tts')).toBe(None);
});

test('takes linear time for the suffixes of hostile names', () => {
  const startedAt = performance.now();
  expect(grade({ starts_with: 'gpt' }, `gpt${'-2025-09-29'.repeat(20)}x`)).toBe(Loose);
  expect(grade({ starts_with: 'gpt' }, `gpt${'-1234'.repeat(50)}!`)).toBe(Loose);
  expect(performance.now() - startedAt).toBeLessThan(200);
});

test.each([
  null,
  {},
  'gpt',
  { like: 'gpt' },
  { equals: 1 },
  { or: 'gpt' },
  { equals: 'a', contains: 'b' },
  { regex: '(' },
])('refuses the clause %j, which it does not understand', (clause) => {
  expect(() => parseMatchClause(clause)).toThrow(/match clause/);
});
