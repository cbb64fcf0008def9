// Writes test/published-names.json from a checkout of the published GenAI conventions: names and values only, no texts.
//
//   git clone https://github.com/open-telemetry/semantic-conventions-genai /tmp/conventions
//   node packages/semconv/scripts/read-published-names.ts /tmp/conventions "$(git -C /tmp/conventions rev-parse HEAD)"
//   npx prettier --write packages/semconv/test/published-names.json
//
// Then run the tests: each name that is missing here is listed, the new ones belong in src/gen-ai.ts, src/gen-ai-values.ts
// or src/gen-ai-metrics.ts, and what vanished moves to src/gen-ai-legacy.ts.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One file of `model/**`, as far as it is read (`file_format: definition/2`). */
interface ModelFile {
  readonly attributes?: readonly {
    readonly key: string;
    readonly type: string | { readonly members: readonly { readonly value: string }[] };
  }[];
  readonly metrics?: readonly { readonly name: string }[];
  readonly events?: readonly { readonly name: string }[];
}

const NAMESPACES = /^(gen_ai|openai|aws\.bedrock)\./;
const TARGET = new URL('../test/published-names.json', import.meta.url);

const [checkout, commit] = process.argv.slice(2);
if (checkout === undefined || commit === undefined) {
  process.stderr.write('usage: node read-published-names.ts <checkout> <commit>\n');
  process.exitCode = 2;
} else {
  writeFileSync(TARGET, `${JSON.stringify(publishedNames(modelFiles(checkout), commit), undefined, 2)}\n`);
}

function modelFiles(root: string): readonly ModelFile[] {
  return readdirSync(join(root, 'model'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => {
      const file: ModelFile = parse(readFileSync(join(root, 'model', path), 'utf8'));
      return file;
    });
}

function publishedNames(files: readonly ModelFile[], revision: string): object {
  const attributes = files.flatMap((file) => file.attributes ?? []).filter(({ key }) => NAMESPACES.test(key));
  return {
    repository: 'https://github.com/open-telemetry/semantic-conventions-genai',
    commit: revision,
    license: 'Apache-2.0',
    attributes: sorted(attributes.map(({ key }) => key)),
    values: Object.fromEntries(
      attributes.flatMap(({ key, type }) =>
        typeof type === 'string' ? [] : [[key, sorted(type.members.map(({ value }) => value))]],
      ),
    ),
    metrics: sorted(names(files.flatMap((file) => file.metrics ?? []))),
    events: sorted(names(files.flatMap((file) => file.events ?? []))),
  };
}

function names(definitions: readonly { readonly name: string }[]): readonly string[] {
  return definitions.map(({ name }) => name).filter((name) => NAMESPACES.test(name));
}

function sorted(values: readonly string[]): readonly string[] {
  return [...values].sort();
}
