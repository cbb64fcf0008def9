import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'grafana/test/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/stack/**'],
    // Much of a test is waiting for an engine or a process: two files at a time keep two cores busy, where one is the default.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Threads and processes that tests start from source find it compiled: they begin in two thirds of the time, and without the WebAssembly
    // that strips types, at whose coming and going V8 crashes now and then (https://github.com/nodejs/node/issues/64500).
    env: { NODE_COMPILE_CACHE: path.join(import.meta.dirname, 'node_modules/.cache/compiled') },
    // The engine of a test starts in about a second; a machine with two cores shares it with the other files' engines.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
