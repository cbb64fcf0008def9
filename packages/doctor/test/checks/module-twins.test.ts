import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

describe('module-twins', () => {
  const packages = { 'openai@7.57.0': {} };

  it('finds a package that is imported in one place and required in another', async () => {
    const [finding] = await findingsOf('module-twins', {
      packages,
      files: { 'chat.mjs': "import OpenAI from 'openai';", 'jobs/run.cjs': "const OpenAI = require('openai/index');" },
    });
    expect(finding).toMatchObject({ severity: 'advice', where: ['chat.mjs', 'jobs/run.cjs'], isHeuristic: true });
  });

  it('finds a dynamic import beside a require, and a require that createRequire made', async () => {
    const dynamic = { 'a.js': "require('openai'); import('openai');" };
    expect(await findingsOf('module-twins', { packages, files: dynamic })).toHaveLength(1);
    const made = {
      'a.mjs': "import OpenAI from 'openai'; const require = createRequire(import.meta.url); require('openai');",
    };
    expect(await findingsOf('module-twins', { packages, files: made })).toHaveLength(1);
  });

  it.for([
    ['all files require it', { 'a.cjs': "require('openai')", 'b.js': "require('openai')" }],
    ['imports are compiled to CommonJS', { 'a.ts': "import OpenAI from 'openai';", 'b.js': "require('openai')" }],
    ['the other is another package', { 'a.mjs': "import OpenAI from 'openai';", 'b.cjs': "require('openai-helpers')" }],
  ] as const)('is silent where %s', async ([, files]) => {
    expect(await findingsOf('module-twins', { packages, files })).toEqual([]);
  });
});
