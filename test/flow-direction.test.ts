import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, listFiles } from './repository.ts';

/** Packages of ours that a package may import (design §2). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  semconv: [],
  pricing: [],
  budget: [],
  'control-store': [],
  accounting: ['semconv'],
  'embedded-clickhouse': [],
  doctor: [],
  instrumentation: ['semconv', 'pricing', 'accounting', 'budget'],
  // For tests and examples only.
  'model-server': [],
  aggregator: ['semconv', 'pricing', 'accounting', 'budget', 'control-store', 'embedded-clickhouse', 'doctor'],
};

/** Stages of the aggregator, in the order in which data flows through them. */
const STAGES = ['accept', 'decode', 'normalize', 'book', 'price', 'save', 'query', 'assess', 'serve'];
const WRITE_STAGES = new Set(['accept', 'decode', 'normalize', 'book', 'price', 'save']);
/** Code of earlier stages that a stage may use, beside types of the stage before it; each with its reason. */
const EXCEPTIONS: ReadonlySet<string> = new Set([
  // What is served is what assess and query find out: they are one side of the flow.
  'serve → query',
  'serve → assess',
  'assess → query',
]);
/** Modules that only some stages may know. */
const KNOWN_ONLY_BY: readonly { readonly module: RegExp; readonly stages: readonly string[] }[] = [
  { module: /^(node:https?2?|fastify|@fastify\/.*|@grpc\/.*)$/, stages: ['accept', 'serve'] },
  { module: /^@turnmeter\/control-store$/, stages: ['serve', 'assess'] },
  { module: /^@clickhouse\//, stages: ['save', 'query', 'assess'] },
  { module: /^(zod|yaml)$/, stages: ['serve', 'config'] },
];

interface Edge {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly isTypeOnly: boolean;
}

const AGGREGATOR = 'packages/aggregator/src/';

/** Imports between the folders of packages/aggregator/src. */
function edgesBetweenStages(): readonly Edge[] {
  return listFiles(/^packages\/aggregator\/src\/.*\.ts$/).flatMap((file) =>
    importsOf(file)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier, isTypeOnly }) => {
        const target = path.posix.join(path.posix.dirname(file), specifier);
        return { file, from: stageOf(file), to: stageOf(target), isTypeOnly };
      }),
  );
}

/** The folder of packages/aggregator/src that a file is in, '' for those in none. */
function stageOf(file: string): string {
  return file.slice(AGGREGATOR.length).split('/').slice(0, -1)[0] ?? '';
}

describe('packages', () => {
  it('import each other only downwards', () => {
    const wrong = listFiles(/^packages\/[^/]+\/src\/.*\.ts$/).flatMap((file) => {
      const own = file.split('/')[1] ?? '';
      return importsOf(file)
        .map(({ specifier }) => /^@turnmeter\/([^/]+)/.exec(specifier)?.[1])
        .filter((other) => other !== undefined && !MAY_IMPORT[own]?.includes(other))
        .map((other) => `${file} imports @turnmeter/${other}`);
    });
    expect(wrong).toEqual([]);
  });

  it('reach each other by name, not by path; their tests may use what is in test/', () => {
    const wrong = listFiles(/^packages\/[^/]+\/(src|test)\/.*\.ts$/).flatMap((file) => {
      const own = file.split('/').slice(0, 2).join('/');
      const isTest = file.startsWith(`${own}/test/`);
      return importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => path.posix.join(path.posix.dirname(file), specifier))
        .filter((target) => !target.startsWith(`${own}/`) && !(isTest && target.startsWith('test/')))
        .map((target) => `${file} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('stages of the aggregator', () => {
  const edges = edgesBetweenStages().filter(
    ({ from, to }) => STAGES.includes(from) && STAGES.includes(to) && from !== to,
  );

  it('import no code of another stage, and types only of an earlier one', () => {
    const wrong = edges
      .filter(
        ({ from, to, isTypeOnly }) =>
          !EXCEPTIONS.has(`${from} → ${to}`) && !(isTypeOnly && STAGES.indexOf(to) < STAGES.indexOf(from)),
      )
      .map(({ file, to, isTypeOnly }) => `${file} imports ${isTypeOnly ? 'types' : 'code'} of ${to}`);
    expect(wrong).toEqual([]);
  });

  it('share tables and not code between writing and reading', () => {
    const wrong = edges
      .filter(({ from, to }) => !WRITE_STAGES.has(from) && WRITE_STAGES.has(to))
      .map(({ file, to }) => `${file} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  it('keep HTTP, ClickHouse and schemas where they belong', () => {
    const wrong = listFiles(/^packages\/aggregator\/src\/[^/]+\/.*\.ts$/).flatMap((file) => {
      const stage = file.split('/')[3] ?? '';
      if (!STAGES.includes(stage)) return [];
      return importsOf(file)
        .filter(({ isTypeOnly }) => !isTypeOnly)
        .filter(({ specifier }) =>
          KNOWN_ONLY_BY.some(({ module, stages }) => module.test(specifier) && !stages.includes(stage)),
        )
        .map(({ specifier }) => `${file} imports ${specifier}`);
    });
    expect(wrong).toEqual([]);
  });
});
