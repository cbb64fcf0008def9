// What is published: a file for each way into the package, and one for what they share. An app that loads a hundred small modules instead
// starts a tenth of a second later. Types stay as they are compiled, one file each.

import { defineConfig, type RolldownOptions } from 'rolldown';

const config: RolldownOptions = defineConfig({
  input: { index: 'src/index.ts', ag2: 'src/ag2/index.ts', register: 'src/register.ts' },
  platform: 'node',
  // Shared with the app, or large and only loaded when it is needed.
  external: [/^@opentelemetry\//, '@turnmeter/pricing'],
  output: { dir: 'dist/bundle', cleanDir: true, chunkFileNames: '[name].js' },
  // Of the names in @turnmeter/semconv those remain that are said, where they are said.
  optimization: { inlineConst: { mode: 'all' } },
});

// oxlint-disable-next-line import/no-default-export -- So the bundler wants it.
export default config;
