import { defineConfig } from 'vitest/config';

// Tests that need more than the workspace: other languages and their exporters, apps with packages of their own. Each installs what it needs,
// which takes its time once.
export default defineConfig({
  test: {
    include: ['test/stack/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 1_500_000,
    fileParallelism: false,
  },
});
