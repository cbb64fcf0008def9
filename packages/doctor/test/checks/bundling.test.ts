import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

describe('bundling', () => {
  const packages = { 'openai@7.57.0': {}, '@langchain/core@1.4.0': {}, 'ai@7.0.173': {} };

  it.for([
    ['esbuild', 'esbuild src/app.ts --bundle --platform=node --outfile=dist/app.js'],
    ['ncc', 'ncc build src/app.ts -o dist'],
    ['bun', 'bun build src/app.ts --target=node --outdir dist'],
  ])('finds that %s swallows what has to be wrapped', async ([name, build]) => {
    const [finding] = await findingsOf('bundling', { packages, manifest: { scripts: { build } } });
    // The AI SDK looks for listeners in a global place, so a bundle does it no harm.
    expect(finding).toMatchObject({
      severity: 'loses_data',
      found: `${name} bundles openai, @langchain/core`,
      where: ['package.json: scripts.build'],
    });
  });

  it('finds what Next.js bundles, package by package', async () => {
    const [finding] = await findingsOf('bundling', {
      packages,
      files: { 'next.config.mjs': "export default { serverExternalPackages: ['openai'] };" },
    });
    expect(finding).toMatchObject({
      found: 'Next.js bundles @langchain/core',
      fix: ["next.config: serverExternalPackages: ['@langchain/core']"],
    });
  });

  it.for([
    ['webpack.config.js', 'module.exports = { target: "node" };', 'webpack bundles openai, @langchain/core'],
    ['tsup.config.ts', "export default defineConfig({ noExternal: ['openai'] });", 'tsup bundles openai'],
    [
      'esbuild.config.mjs',
      'await build({ bundle: true, entryPoints: ["a.ts"] });',
      'esbuild bundles openai, @langchain/core',
    ],
  ] as const)('finds it in %s', async ([file, content, found]) => {
    expect(await findingsOf('bundling', { packages, files: { [file]: content } })).toEqual([
      expect.objectContaining({ found, where: [file] }),
    ]);
  });

  it.for([
    ['package.json', { scripts: { build: 'esbuild src/app.ts --bundle --packages=external' } }, {}],
    ['package.json', { scripts: { build: 'tsc -b' } }, {}],
    [
      'next.config.js',
      {},
      { 'next.config.js': "module.exports = { serverExternalPackages: ['openai', '@langchain/core'] };" },
    ],
    ['webpack.config.js', {}, { 'webpack.config.js': 'module.exports = { externals: [nodeExternals()] };' }],
    ['tsup.config.ts', {}, { 'tsup.config.ts': 'export default defineConfig({ entry: ["a.ts"] });' }],
    ['esbuild.config.mjs', {}, { 'esbuild.config.mjs': "await build({ bundle: true, packages: 'external' });" }],
  ] as const)('is silent where %s keeps them out: %j %j', async ([, manifest, files]) => {
    expect(await findingsOf('bundling', { packages, manifest, files })).toEqual([]);
  });
});
