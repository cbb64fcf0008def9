import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  explainCode,
  explainEntry,
  NOTE_SENTENCES,
  Reason,
  REASON_SENTENCES,
  USAGE_SOURCE_SENTENCES,
} from '@turnmeter/accounting';
import { account, span } from './account.ts';

const SOURCES = readdirSync(new URL('../src/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('wording.ts') && !file.endsWith('observe/notes.ts'))
  .map((file) => readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8'));

describe('wording', () => {
  it('has a sentence for each reason', () => {
    expect(Object.keys(REASON_SENTENCES).toSorted()).toEqual(Object.values(Reason).toSorted());
  });

  it('has a sentence for each note that is written anywhere', () => {
    const written = SOURCES.flatMap((source) =>
      [...source.matchAll(/notes\.push\(([^;]*)\);/g)].flatMap((call) =>
        [...(call[1] ?? '').matchAll(/'(\w+)'/g)].map((code) => code[1] ?? ''),
      ),
    );
    expect(written.length).toBeGreaterThan(10);
    expect(written.filter((code) => !Object.hasOwn(NOTE_SENTENCES, code))).toEqual([]);
  });

  it('explains no note that nobody writes', () => {
    const dead = Object.keys(NOTE_SENTENCES).filter((code) => !SOURCES.some((source) => source.includes(`'${code}'`)));
    expect(dead).toEqual([]);
  });

  it('consists of sentences, each said once', () => {
    const sentences = [REASON_SENTENCES, NOTE_SENTENCES, USAGE_SOURCE_SENTENCES].flatMap((table) =>
      Object.values(table),
    );
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^\n]{10,160}\.$/);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('explains an entry by its reason, its source and its notes', () => {
    const { entries } = account({
      spans: [
        span('a', '', {
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.usage.input_tokens': 5.5,
            'gen_ai.usage.output_tokens': 3,
          },
        }),
      ],
    });
    expect(entries.map(explainEntry)).toEqual([
      [
        'This is a model call; its tokens are counted here.',
        'The provider counted the tokens.',
        'A token count had a fraction, which was cut off.',
      ],
    ]);
  });

  it('leaves codes of other versions as they are', () => {
    expect(explainCode('from_the_future')).toBe('from_the_future');
    expect(explainCode('toString')).toBe('toString');
  });
});
