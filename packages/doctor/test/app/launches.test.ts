import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Launch, readLaunches } from '../../src/app/launches.ts';
import { shellCommands } from '../../src/app/shell-words.ts';
import { newFolder, writeApp } from '../app-folder.ts';

const folder = newFolder();
const launchOf = async (start: string): Promise<Launch | undefined> => (await readLaunches(await folder, { start }))[0];

describe('launches', () => {
  it.for([
    ['node app.js', 'node', []],
    ['node --import ./a.mjs --enable-source-maps app.js --import late', 'node', ['./a.mjs']],
    ['node -r dotenv/config --require=./b.cjs app.js', 'node', ['dotenv/config', './b.cjs']],
    ['NODE_ENV=production NODE_OPTIONS="--import x --max-old-space-size=99" node app.js', 'node', ['x']],
    ["cross-env NODE_OPTIONS='--import x' next start -p 3000", 'next', ['x']],
    ['npm run build && node --import=x dist/app.js', 'node', ['x']],
    ['tsx watch --import x src/app.ts', 'tsx', ['x']],
    ['npx tsx src/app.ts', 'tsx', []],
    ['/usr/local/bin/node app.js', 'node', []],
    ['dotenv -e .env -- nodemon app.js', 'nodemon', []],
    ['exec node app.js', 'node', []],
  ] as const)('are read from %s', async ([command, runner, preloads]) => {
    expect(await launchOf(command)).toMatchObject({ runner, preloads });
  });

  it.for(['tsc -b', 'next build', 'node --version', 'echo node app.js', 'npm start', 'rimraf dist && vite build'])(
    'are none: %s',
    async (command) => {
      expect(await launchOf(command)).toBeUndefined();
    },
  );

  it('are not scripts that build and test', async () => {
    const scripts = {
      test: 'node test.js',
      build: 'node build.js',
      'start:prod': 'node app.js',
      'dev-worker': 'node w.js',
    };
    expect((await readLaunches(await folder, scripts)).map(({ where }) => where)).toEqual([
      'package.json: scripts.start:prod',
      'package.json: scripts.dev-worker',
    ]);
  });

  it('are read from Dockerfile, compose file and Procfile, with their lines', async () => {
    const own = await writeApp({
      files: {
        Dockerfile: 'FROM node:24\nENTRYPOINT ["/usr/bin/tini", "--", "node", "--import", "x y", "app.js"]\n',
        'compose.yaml': 'services:\n  a:\n    command: node a.js\n',
        Procfile: 'web: node web.js\r\nrelease: node --import z migrate.js\r\n',
      },
    });
    expect((await readLaunches(own, {})).map(({ where, preloads }) => [where, preloads])).toEqual([
      ['Dockerfile:2', ['x y']],
      ['Procfile:1', []],
      ['Procfile:2', ['z']],
      ['compose.yaml:3', []],
    ]);
  });

  it('are looked for in any text, in bounded time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', "'", '\\', ' ', '&', '|', ';', 'a', '=', '$', '\n'), maxLength: 400 }),
        (text) => {
          for (const words of shellCommands(text)) expect(words.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
