// What conventions can check by themselves; see CONTRIBUTING.md.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listFiles, read } from './repository.ts';

const SOURCES =
  /^(packages\/[^/]+\/(src|test|scripts)|(collector-config|grafana|programs|prometheus|stack)(\/preview)?\/(src|test|history)|test|bench|scripts)\/.*\.(ts|tsx|mjs)$/;
const PROSE =
  /^[^/]+\.md$|^docs\/.*\.md$|^(packages\/[^/]+|collector-config|grafana(\/preview)?|programs|prometheus|stack)\/README\.md$/;

const BANNED_FILE_NAMES = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'shared',
  'misc',
  'lib',
  'core',
  'base',
  'manager',
  'types',
]);

/** Text that may not be in a source file, and what to write instead. */
const BANNED_TEXT: readonly { readonly pattern: RegExp; readonly instead: string; readonly where: RegExp }[] = [
  { pattern: /\bFIXME\b/, instead: 'mend it, or write TODO with an issue number', where: SOURCES },
  { pattern: /\bTODO\b(?!\(?#\d+)/, instead: 'TODO #<issue number>', where: SOURCES },
  { pattern: /\bexport \*/, instead: 'named exports', where: SOURCES },
  { pattern: /\benum \w+ \{/, instead: 'an `as const` object and a type of the same name', where: SOURCES },
  {
    pattern: /\bprocess\.exit\(/,
    instead: 'process.exitCode; only main.ts may exit',
    where: /^packages\/[^/]+\/src\/(?!main\.ts|engine\/engine-process\.ts|setup\/at-exit\.ts).*\.ts$/,
  },
  {
    pattern: /(['"`])(gen_ai|llm|ai|langfuse|traceloop|openinference|ag2|turnmeter)\.[a-z]/,
    instead: 'a constant of @turnmeter/semconv',
    where: /^packages\/(?!semconv\/)[^/]+\/src\/.*\.ts$/,
  },
];

const LINES_MAX = 300;
/** Longer on purpose: lists of names. */
const LONG_FILES = new Set(['packages/semconv/src/index.ts']);

/** The file with its comments blanked out, except those that are themselves banned. */
function codeOf(file: string): string {
  return read(file).replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, (comment) =>
    /TODO|FIXME/.test(comment) ? comment : comment.replaceAll(/[^\n]/g, ' '),
  );
}

function baseNameOf(file: string): string {
  return path.posix.basename(file).split('.')[0] ?? '';
}

describe('source files', () => {
  const files = listFiles(SOURCES);

  it('are found', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it('are named in kebab-case for what they hold', () => {
    const wrong = files.filter(
      (file) => BANNED_FILE_NAMES.has(baseNameOf(file)) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(baseNameOf(file)),
    );
    expect(wrong).toEqual([]);
  });

  it('have at most 300 lines', () => {
    const wrong = files
      .filter((file) => /\/src\//.test(file) && !LONG_FILES.has(file))
      .map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(wrong).toEqual([]);
  });

  it('hold nothing that was banned', () => {
    const wrong = files.flatMap((file) =>
      BANNED_TEXT.filter(({ where }) => where.test(file) && file !== 'test/tidy.test.ts').flatMap(
        ({ pattern, instead }) => {
          const line = codeOf(file)
            .split('\n')
            .findIndex((text) => pattern.test(text));
          return line === -1 ? [] : [`${file}:${line + 1}: instead of ${pattern.source}: ${instead}`];
        },
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('name no path or host of a machine', () => {
    const wrong = listFiles(/\.(ts|mjs|md|json|yaml|yml|sql|sh)$/).filter(
      (file) =>
        !file.startsWith('test/captures/') &&
        !file.endsWith('tidy.test.ts') &&
        /(^|[\s'"`(=])\/(work|root|home)\/[\w.-]+\//m.test(read(file)),
    );
    expect(wrong).toEqual([]);
  });
});

describe('prose', () => {
  it('has one title a file', () => {
    const wrong = listFiles(PROSE).filter(
      (file) =>
        read(file)
          .replaceAll(/```[\s\S]*?```/g, '')
          .split('\n')
          .filter((line) => line.startsWith('# ')).length !== 1,
    );
    expect(wrong).toEqual([]);
  });

  it('has no link to a file that is not there', () => {
    const known = new Set(listFiles(/./));
    const folders = new Set(
      [...known].flatMap((file) => file.split('/').map((_, at, parts) => parts.slice(0, at).join('/'))),
    );
    const wrong = listFiles(PROSE).flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target]) =>
          path.posix.normalize(path.posix.join(path.posix.dirname(file), target ?? '')).replace(/\/$/, ''),
        )
        .filter((target) => !known.has(target) && !folders.has(target))
        .map((target) => `${file} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('packages', () => {
  it('each have a README and what publishing needs', () => {
    const wrong = listFiles(/^packages\/[^/]+\/package\.json$/).filter((file) => {
      const manifest = JSON.parse(read(file)) as Record<string, unknown>;
      const hasReadme = listFiles(/README\.md$/).includes(path.posix.join(path.posix.dirname(file), 'README.md'));
      return (
        !hasReadme ||
        manifest['license'] !== 'Apache-2.0' ||
        manifest['type'] !== 'module' ||
        manifest['description'] === undefined
      );
    });
    expect(wrong).toEqual([]);
  });
});
