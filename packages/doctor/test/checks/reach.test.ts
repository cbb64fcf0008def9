import { describe, expect, it } from 'vitest';
import { findingsOf, saidOf } from '../app-folder.ts';

describe('reach', () => {
  it('says what is not installed, and therefore not checked', async () => {
    const manifest = { dependencies: { openai: '^7.0.0', express: '^5.0.0' } };
    expect(await saidOf('reach', { manifest, files: { 'yarn.lock': '' } })).toEqual([
      'advice: not installed: openai, express',
    ]);
    const [finding] = await findingsOf('reach', { manifest, files: { '.pnp.cjs': '' } });
    expect(finding?.found).toContain('Plug’n’Play');
  });

  it('finds runtimes that have no hooks', async () => {
    expect(
      await saidOf('reach', { manifest: { scripts: { start: 'bun run src/app.ts', build: 'bun build a.ts' } } }),
    ).toEqual(['loses_data: started by bun: bun run src/app.ts']);
  });

  it('is silent where all was looked at', async () => {
    expect(await saidOf('reach', { packages: { 'openai@7.57.0': {} }, files: { 'a.js': '' } })).toEqual([]);
  });
});
