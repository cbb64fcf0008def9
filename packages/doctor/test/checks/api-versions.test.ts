import { describe, expect, it } from 'vitest';
import { findingsOf, saidOf } from '../app-folder.ts';

describe('api-versions', () => {
  it('finds a package that has a newer API than the one that is registered, and names both', async () => {
    const [finding, ...others] = await findingsOf('api-versions', {
      packages: {
        '@opentelemetry/api@1.9.1': {},
        '@opentelemetry/sdk-node@0.223.0': { peerDependencies: { '@opentelemetry/api': '>=1.3.0 <1.10.0' } },
        'ai@6.0.326 > @opentelemetry/api@1.10.0': {},
      },
    });
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'loses_data',
      found:
        '@opentelemetry/api@1.10.0 is not compatible with the version that is registered: 1.9.1 (by @opentelemetry/sdk-node@0.223.0)',
      where: ['node_modules/ai/node_modules/@opentelemetry/api (through ai@6.0.326)'],
      // The SDK takes no 1.10, so that is no way out.
      fix: [
        'make it one version:',
        'in package.json: "overrides": { "@opentelemetry/api": "1.9.1" }',
        'then: npm install',
      ],
    });
    expect(finding?.why).toMatch(/^ai@6\.0\.326 gets a provider that does nothing/);
  });

  it('is silent about an older copy below a newer one that is registered, which works', async () => {
    expect(
      await saidOf('api-versions', {
        packages: {
          '@opentelemetry/api@1.10.0': {},
          '@opentelemetry/sdk-node@0.301.0': { peerDependencies: { '@opentelemetry/api': '>=1.10.0 <1.11.0' } },
          'ai@6.0.326 > @opentelemetry/api@1.9.0': {},
        },
      }),
    ).toEqual(['fine: @opentelemetry/api: 1.10.0, 1.9.0, all of which take what is registered']);
  });

  it('finds two major versions, and a pre-release beside the release', async () => {
    const beside = (version: string): Promise<readonly string[]> =>
      saidOf('api-versions', {
        packages: {
          '@opentelemetry/api@1.9.1': {},
          '@opentelemetry/sdk-trace-node@2.12.0': { peerDependencies: { '@opentelemetry/api': '*' } },
          [`agent@1.0.0 > @opentelemetry/api@${version}`]: {},
        },
      });
    expect(await beside('0.20.0')).toHaveLength(1);
    expect((await beside('1.9.0-rc.1'))[0]).toContain('loses_data');
    expect((await beside('1.8.0'))[0]).toContain('fine');
  });

  it('is only advice where nobody but a reader of the current span is not heard', async () => {
    expect(
      await saidOf('api-versions', {
        packages: {
          '@opentelemetry/api@1.9.1': {},
          '@opentelemetry/sdk-node@0.223.0': { peerDependencies: { '@opentelemetry/api': '*' } },
          'prom-client@15.1.3 > @opentelemetry/api@1.10.0': {},
        },
      }),
    ).toEqual([expect.stringMatching(/^advice: @opentelemetry\/api@1\.10\.0 is not compatible/)]);
  });

  it('advises where copies differ and nothing is registered yet', async () => {
    expect(
      await saidOf('api-versions', {
        packages: { '@opentelemetry/api@1.9.1': {}, 'ai@6.0.326 > @opentelemetry/api@1.10.0': {} },
      }),
    ).toEqual(['advice: 2 copies of @opentelemetry/api that differ: 1.9.1, 1.10.0']);
  });

  it('finds that Turnmeter’s peer is missing', async () => {
    expect(await saidOf('api-versions', { packages: { '@turnmeter/instrumentation@1.0.0': {} } })).toEqual([
      'loses_data: @turnmeter/instrumentation is installed and @opentelemetry/api, which it needs, is not',
    ]);
    expect(await saidOf('api-versions', { packages: { 'openai@7.57.0': {} } })).toEqual([]);
  });

  it.for([
    [
      'pnpm-lock.yaml',
      ['in pnpm-workspace.yaml:', 'overrides:', "  '@opentelemetry/api': 1.9.1", 'then: pnpm install'],
    ],
    ['yarn.lock', ['in package.json: "resolutions": { "@opentelemetry/api": "1.9.1" }', 'then: yarn install']],
    ['bun.lock', ['in package.json: "overrides": { "@opentelemetry/api": "1.9.1" }', 'then: bun install']],
  ] as const)('says the fix in the words of who installs: %s', async ([lock, lines]) => {
    const [finding] = await findingsOf('api-versions', {
      packages: {
        '@opentelemetry/api@1.9.1': {},
        '@opentelemetry/sdk-node@0.223.0': { peerDependencies: { '@opentelemetry/api': '<1.10.0' } },
        'ai@6.0.326 > @opentelemetry/api@1.10.0': {},
      },
      files: { [lock]: '' },
    });
    expect(finding?.fix).toEqual(['make it one version:', ...lines]);
  });
});
