import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as semconv from '../src/index.ts';
import { constants, modules, valuesOf } from './vocabularies.ts';

const { CONTENT_ATTRIBUTES, CONTENT_ATTRIBUTE_PREFIXES, CONTENT_PREFIX_EXCEPTIONS } = semconv;

describe('content attributes', () => {
  test('are constants of this package, each once', () => {
    expect(CONTENT_ATTRIBUTES.filter((name) => !valuesOf('ATTR').has(name))).toEqual([]);
    expect(CONTENT_ATTRIBUTE_PREFIXES.filter((prefix) => !valuesOf('ATTR_PREFIX').has(prefix))).toEqual([]);
    expect(new Set(CONTENT_ATTRIBUTES).size).toBe(CONTENT_ATTRIBUTES.length);
    expect(new Set(CONTENT_ATTRIBUTE_PREFIXES).size).toBe(CONTENT_ATTRIBUTE_PREFIXES.length);
  });

  test('are no exception at the same time, and each exception excepts something', () => {
    for (const name of CONTENT_PREFIX_EXCEPTIONS) {
      expect(CONTENT_ATTRIBUTES).not.toContain(name);
      expect(CONTENT_ATTRIBUTE_PREFIXES.some((prefix) => name.startsWith(prefix))).toBe(true);
    }
  });

  test('include each constant whose comment calls it content', () => {
    const described = [...modules.keys()].flatMap((file) =>
      [...read(file).matchAll(/^\/\*\* Content.* \*\/\nexport const \w+ =\s+'([^']+)'/gm)].map(
        (match) => match[1] ?? '',
      ),
    );
    expect(described.length).toBeGreaterThan(20);
    expect(described.filter((name) => !isContent(name) && !CONTENT_ATTRIBUTE_PREFIXES.includes(name))).toEqual([]);
  });

  test('include indexed messages and leave the names and versions of prompts', () => {
    expect(isContent('gen_ai.prompt.0.content')).toBe(true);
    expect(isContent('gen_ai.prompt.variable.user_name')).toBe(true);
    expect(isContent('llm.input_messages.3.message.content')).toBe(true);
    expect(isContent('gen_ai.prompt.name')).toBe(false);
    expect(isContent('gen_ai.prompt.version')).toBe(false);
  });

  test('take no usage, cost, model, session, agent, tenant or response id with them', () => {
    const needed = constants.filter(
      ({ kind, value }) =>
        kind === 'ATTR' &&
        /tokens?$|token_count|usage|cost|(^|[._])model$|model_name$|session.?id|agent.?name|tenant|response\.id$/i.test(
          value,
        ),
    );
    expect(needed.length).toBeGreaterThan(200);
    expect(needed.filter(({ value }) => isContent(value)).map(({ value }) => value)).toEqual([]);
  });
});

function isContent(name: string): boolean {
  return (
    CONTENT_ATTRIBUTES.includes(name) ||
    (!CONTENT_PREFIX_EXCEPTIONS.includes(name) && CONTENT_ATTRIBUTE_PREFIXES.some((prefix) => name.startsWith(prefix)))
  );
}

function read(file: string): string {
  return readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8');
}
