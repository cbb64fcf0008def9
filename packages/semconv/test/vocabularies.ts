// The vocabularies as they are on disk, for tests that look at all of them.

import { readdirSync } from 'node:fs';

const SOURCES = new URL('../src/', import.meta.url);

export interface Constant {
  readonly file: string;
  readonly name: string;
  /** `ATTR`, `ATTR_PREFIX`, `METRIC`, `EVENT`, `SPAN`, `SPAN_PREFIX`, `SCOPE`, `SCOPE_PREFIX`, … */
  readonly kind: string;
  readonly value: string;
}

/** Module of each file but the index: file name → its exports. */
export const modules: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map(
  await Promise.all(
    readdirSync(SOURCES)
      .filter((file) => file !== 'index.ts')
      .map(load),
  ),
);

/** Every wire name: units, closed sets and content lists left out. */
export const constants: readonly Constant[] = [...modules].flatMap(([file, exported]) =>
  Object.entries(exported).flatMap(([name, value]) => {
    const kind = /^(ATTR|METRIC|EVENT|SPAN|SCOPE)(_PREFIX)?(?=_)/.exec(name)?.[0];
    return kind === undefined || typeof value !== 'string' ? [] : [{ file, name, kind, value }];
  }),
);

/** Values of one kind of constant. */
export function valuesOf(kind: string): ReadonlySet<string> {
  return new Set(constants.filter((constant) => constant.kind === kind).map(({ value }) => value));
}

async function load(file: string): Promise<[string, Readonly<Record<string, unknown>>]> {
  const exported: Readonly<Record<string, unknown>> = await import(new URL(file, SOURCES).href);
  return [file, exported];
}
