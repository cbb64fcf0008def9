// Writes src/index.ts: every exported name of every vocabulary, by name, in the order of the files.
// Run it after adding a constant: `npm run write-index` in this package.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const SOURCES = new URL('../src/', import.meta.url);

const HEADER = `/* oxlint-disable max-lines -- One line a name: the package is its names, and \`export *\` would hide what is in it. */
/**
 * Every attribute, metric, event, span, scope and unit name that Turnmeter emits or reads.
 *
 * Written by scripts/write-index.ts, checked by test/index.test.ts.
 *
 * @packageDocumentation
 */
`;

writeFileSync(new URL('index.ts', SOURCES), HEADER + vocabularies().map(exportStatement).join(''));

function vocabularies(): readonly string[] {
  return readdirSync(SOURCES)
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .sort();
}

function exportStatement(file: string): string {
  return `export { ${exportedNames(file).join(', ')} } from './${file}';\n`;
}

/**
 * A closed set's type has the name of its object, so one export covers both. What a vocabulary gives to content.ts
 * (`CONTENT_OF_…`) stays inside.
 */
function exportedNames(file: string): readonly string[] {
  const source = readFileSync(new URL(file, SOURCES), 'utf8');
  const names = [...source.matchAll(/^export const (\w+)/gm)].map((match) => match[1] ?? '');
  return names.filter((name) => !/^CONTENT_(PREFIXES_|EXCEPTIONS_)?OF_/.test(name));
}
