import { describe, expect, it } from 'vitest';
import { remembered } from '../../src/observe/remembered.ts';

describe('remembered', () => {
  it('asks once for a name', () => {
    const asked: string[] = [];
    const lengthOf = remembered((name) => asked.push(name));
    expect([lengthOf('a'), lengthOf('b'), lengthOf('a')]).toEqual([1, 2, 1]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('remembers an answer of 0, of false and of no text', () => {
    let asked = 0;
    for (const answer of [0, false, '']) {
      const ask = remembered<number | boolean | string>(() => (asked++, answer));
      expect([ask('a'), ask('a')]).toEqual([answer, answer]);
    }
    expect(asked).toBe(3);
  });

  it('answers for any number of names, and keeps neither those past the bound nor texts too long for a name', () => {
    let asked = 0;
    const ask = remembered(() => ++asked);
    const long = 'x'.repeat(201);
    expect([ask(long), ask(long)]).toEqual([1, 2]);
    for (let name = 0; name < 5000; name++) ask(`name-${name}`);
    expect([ask('one more'), ask('one more')]).toEqual([5003, 5004]);
    expect(ask('name-0')).toBe(3);
  });
});
