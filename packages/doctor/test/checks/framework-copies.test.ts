import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

describe('framework-copies', () => {
  it('finds two copies of a framework, and makes it the newer', async () => {
    const [finding] = await findingsOf('framework-copies', {
      packages: { '@langchain/core@1.9.0': {}, 'chains@1.0.0 > @langchain/core@1.10.0': {} },
    });
    expect(finding).toMatchObject({
      severity: 'advice',
      found: '2 copies of @langchain/core: 1.9.0, 1.10.0',
      fix: [
        'if that is not on purpose, make it one:',
        'in package.json: "overrides": { "@langchain/core": "1.10.0" }',
        'then: npm install',
      ],
    });
  });

  it('is silent about one copy that two packages share', async () => {
    const needs = { dependencies: { '@langchain/core': '^1.0.0' } };
    expect(
      await findingsOf('framework-copies', {
        packages: { '@langchain/core@1.4.0': {}, '@langchain/openai@1.6.0': needs, 'langchain@1.5.14': needs },
      }),
    ).toEqual([]);
  });
});
