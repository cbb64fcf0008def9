import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as index from '../src/index.ts';
import { modules } from './vocabularies.ts';

const SOURCES = new URL('../src/', import.meta.url);

test('the index exports every constant of every vocabulary, and nothing else', () => {
  const expected = [...modules.values()]
    .flatMap((exported) => Object.entries(exported))
    .filter(([name]) => !/^CONTENT_(PREFIXES_|EXCEPTIONS_)?OF_/.test(name));
  expect({ ...index }).toEqual(Object.fromEntries(expected));
});

test('the package imports nothing but its own files', () => {
  const imported = readdirSync(SOURCES).flatMap((file) =>
    [...readFileSync(new URL(file, SOURCES), 'utf8').matchAll(/^(?:import|export) .* from '([^']+)'/gm)].map(
      (statement) => statement[1] ?? '',
    ),
  );
  expect(imported.filter((specifier) => !specifier.startsWith('./'))).toEqual([]);
});
