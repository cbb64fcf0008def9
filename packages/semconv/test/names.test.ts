import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { constants, valuesOf } from './vocabularies.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Rows of the README's table of exceptions: | `ATTR_…` | `wire.name` | why | */
const exceptions = new Map(
  [...README.matchAll(/^\| `((?:ATTR|SCOPE)_\w+)` +\| `([^`]+)` +\|/gm)].map((row) => [row[1] ?? '', row[2] ?? '']),
);

describe('names of constants', () => {
  test('follow from the wire name, but for the exceptions the README lists', () => {
    const broken = constants.filter(
      ({ name, kind, value }) => exceptions.get(name) !== value && !isMechanical({ name, kind, value }),
    );
    expect(broken).toEqual([]);
  });

  test('are exceptions only where the mechanical name belongs to another wire name', () => {
    const byName = new Map(constants.map((constant) => [constant.name, constant]));
    for (const [name, value] of exceptions) {
      const exception = byName.get(name);
      expect(exception?.value).toBe(value);
      const mechanical = name.replace(/_(UNDERSCORED|BARE|CAMEL_CASE|NPM)$/, '');
      expect(mechanical).not.toBe(name);
      expect(byName.has(mechanical), `${mechanical} exists beside ${name}`).toBe(true);
    }
  });

  test('are unique over all vocabularies', () => {
    expect(repeated(constants.map(({ name }) => name))).toEqual([]);
  });
});

describe('wire names', () => {
  test('have one constant of each kind', () => {
    const namespaced = constants.filter(({ value }) => !isBare(value));
    expect(repeated(namespaced.map(({ kind, value }) => `${kind} ${value}`))).toEqual([]);
  });

  test('without a namespace have one constant of each kind in a vocabulary', () => {
    const bare = constants.filter(({ value }) => isBare(value));
    expect(repeated(bare.map(({ file, kind, value }) => `${file} ${kind} ${value}`))).toEqual([]);
  });

  test('of our own attributes are no dotted child of another, which backends store as a conflict', () => {
    const own = [...valuesOf('ATTR')].filter((value) => value.startsWith('turnmeter.'));
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((child) => own.some((parent) => child.startsWith(`${parent}.`)))).toEqual([]);
  });
});

/** `ai.usage.inputTokens` → `AI_USAGE_INPUT_TOKENS`. */
function upperSnake(value: string): string {
  return value
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
    .toUpperCase();
}

/** A wire name without a namespace has its producer's name before it. */
function isMechanical({ name, kind, value }: { name: string; kind: string; value: string }): boolean {
  const rest = name.slice(kind.length + 1);
  const expected = upperSnake(value);
  return rest === expected || (isBare(value) && rest.endsWith(`_${expected}`));
}

function isBare(value: string): boolean {
  return !/[.:/]/.test(value);
}

function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}
