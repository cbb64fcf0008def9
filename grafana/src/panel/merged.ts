// Several queries side by side in one table.

import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';

/** What the values of so many queries to Prometheus are called: `Value #A`, `Value #B` … */
export function valueColumns(queries: number): readonly string[] {
  return Array.from({ length: queries }, (_, index) => `Value #${String.fromCodePoint(FIRST_REF + index)}`);
}

const FIRST_REF = 'A'.codePointAt(0) ?? 0;

/**
 * Puts rows of several queries together that agree in the columns they share, and these columns in order; what is not named is left out.
 * Values of Prometheus are called after their query, or just `Value` where only one of the queries goes there.
 */
export function merged(
  columns: readonly string[],
  steps: readonly DataTransformerConfig[] = [],
): DataTransformerConfig[] {
  return [
    { id: 'merge', options: {} },
    ...steps,
    { id: 'filterFieldsByName', options: { include: { names: [...columns] } } },
    {
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(columns.map((name, index) => [name, index])),
        renameByName: {},
      },
    },
  ];
}

/** A column from two others: `left - right`, `left / right`. */
export function calculated(name: string, left: string, operator: '-' | '/', right: string): DataTransformerConfig {
  return {
    id: 'calculateField',
    options: { mode: 'binary', alias: name, binary: { left, operator, right }, replaceFields: false },
  };
}
