import { describe, expect, it } from 'vitest';
import { findingsOf, LOADED, TURNMETER_PACKAGES } from '../app-folder.ts';

describe('env-file', () => {
  const packages = { 'openai@7.57.0': {}, ...TURNMETER_PACKAGES };
  const files = { '.env': 'OPENAI_API_KEY=sk-secret\nexport OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:4318"\n' };

  it('finds settings that are read too late for what is preloaded', async () => {
    const [finding] = await findingsOf('env-file', { manifest: LOADED, packages, files });
    expect(finding).toMatchObject({
      severity: 'loses_data',
      where: ['.env:2', 'package.json: scripts.start'],
      fix: ['node --env-file=.env --import @turnmeter/instrumentation/register app.js'],
    });
    expect(JSON.stringify(finding)).not.toContain('sk-secret');
  });

  it.for([
    'node --env-file=.env --import @turnmeter/instrumentation/register app.js',
    'dotenv -e .env -- node --import @turnmeter/instrumentation/register app.js',
    'dotenvx run -- node --import @turnmeter/instrumentation/register app.js',
  ])('is silent where Node, or who starts it, reads the file: %s', async (start) => {
    expect(await findingsOf('env-file', { manifest: { scripts: { start } }, packages, files })).toEqual([]);
  });

  it('is silent where the environment has the settings too', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    expect(await findingsOf('env-file', { manifest: LOADED, packages, files, env })).toEqual([]);
  });
});
