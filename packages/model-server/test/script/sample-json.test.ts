import { expect, test } from 'vitest';
import { sampleJson } from '../../src/script/sample-json.ts';

test('a sample has every property, by the type that the schema gives', () => {
  const schema = {
    $defs: { step: { type: 'object', properties: { at: { type: 'string', format: 'date' } } } },
    type: 'object',
    properties: {
      steps: { type: 'array', items: { $ref: '#/$defs/step' }, minItems: 2 },
      kind: { enum: ['a', 'b'] },
      exact: { const: 5 },
      maybe: { anyOf: [{ type: 'number', maximum: 0 }, { type: 'null' }] },
      code: { type: 'string', maxLength: 4 },
      nullable: { type: ['boolean', 'null'] },
      gemini: { type: 'INTEGER', minimum: 9 },
    },
  };

  expect(sampleJson(schema)).toEqual({
    steps: [{ at: '2026-01-31' }, { at: '2026-01-31' }],
    kind: 'a',
    exact: 5,
    maybe: -1,
    code: 'samp',
    nullable: true,
    gemini: 9,
  });
});

test('a schema that refers to itself ends', () => {
  const schema = { type: 'object', properties: { child: { $ref: '#' } } };

  expect(JSON.stringify(sampleJson(schema)).length).toBeLessThan(300);
});

test('a schema that says nothing gives a text', () => {
  expect(sampleJson({})).toBe('sample value');
});
