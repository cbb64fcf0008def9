// With the real packages: their ranges are read in the files that npm installed here.

import { cp, realpath } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDeclaredTargets } from '../../src/app/declared-targets.ts';
import { inspectApp } from '../../src/index.ts';
import { findingsOf, LOADED, saidOf, TURNMETER_PACKAGES, writeApp } from '../app-folder.ts';

const INSTALLED = path.join(import.meta.dirname, '../../node_modules');

/** An app with real instrumentations, copied from here, beside packages that are made up. */
async function withReal(names: readonly string[], plan: Parameters<typeof writeApp>[0]): Promise<readonly string[]> {
  const packages = Object.fromEntries(names.map((name) => [`${name}@0.0.0`, {}]));
  const folder = await writeApp({ ...plan, packages: { ...plan.packages, ...packages } });
  for (const name of names) {
    const from = await realpath(path.join(INSTALLED, name));
    const isOwn = (file: string): boolean => !file.slice(from.length).includes('node_modules');
    await cp(from, path.join(folder, 'node_modules', name), { recursive: true, filter: isOwn });
  }
  const findings = await inspectApp({ folder, env: {}, nodeVersion: '24.21.0' });
  return findings
    .filter(({ check }) => check === 'instrumentation-ranges')
    .map(({ severity, found }) => `${severity}: ${found}`);
}

describe('instrumentation-ranges', () => {
  it('finds that OpenTelemetry’s and Traceloop’s for openai are dead from openai 7 on', async () => {
    const names = ['@opentelemetry/instrumentation-openai', '@traceloop/instrumentation-openai'];
    expect(await withReal(names, { packages: { 'openai@7.57.0': {} } })).toEqual([
      'loses_data: @opentelemetry/instrumentation-openai@0.22.0 does nothing for openai@7.57.0: it wraps >=4.19.0 <7',
      'loses_data: @traceloop/instrumentation-openai@0.27.0 does nothing for openai@7.57.0: it wraps >=4 <7',
    ]);
  });

  it('is silent where the version is within the range', async () => {
    const names = ['@opentelemetry/instrumentation-openai', '@traceloop/instrumentation-openai'];
    expect(await withReal(names, { packages: { 'openai@6.30.1': {} } })).toEqual([]);
    expect(
      await withReal(['@arizeai/openinference-instrumentation-openai'], { packages: { 'openai@7.57.0': {} } }),
    ).toEqual([]);
  });

  it('finds it in a package that wraps many, for the one that is dead', async () => {
    expect(await withReal(['openlit'], { packages: { 'openai@7.57.0': {}, 'ai@7.0.173': {} } })).toEqual([
      'loses_data: openlit@1.15.0 does nothing for ai@7.0.173: it wraps >=3.0.0 <5',
    ]);
  });

  it('is only advice where Turnmeter reports the same calls', async () => {
    const plan = { manifest: LOADED, packages: { 'openai@7.57.0': {}, ...TURNMETER_PACKAGES } };
    expect(await withReal(['@opentelemetry/instrumentation-openai'], plan)).toEqual([
      'advice: @opentelemetry/instrumentation-openai@0.22.0 does nothing for openai@7.57.0: it wraps >=4.19.0 <7',
    ]);
  });

  it('finds a second copy that is out of range, beside one that is in it', async () => {
    const real = await realpath(path.join(INSTALLED, '@opentelemetry/instrumentation-openai'));
    expect(await readDeclaredTargets({ folder: real })).toEqual([{ name: 'openai', ranges: ['>=4.19.0 <7'] }]);
    const definition = "new InstrumentationNodeModuleDefinition('openai', ['>=4 <7'], patch)";
    expect(
      await saidOf('instrumentation-ranges', {
        packages: {
          'openai@6.1.0': {},
          'agents@1.0.0 > openai@7.1.0': {},
          '@traceloop/instrumentation-openai@9.0.0': {},
        },
        files: { 'node_modules/@traceloop/instrumentation-openai/index.js': definition },
      }),
    ).toEqual(['loses_data: @traceloop/instrumentation-openai@9.0.0 does nothing for openai@7.1.0: it wraps >=4 <7']);
  });

  it('has nothing to say of an instrumentation that declares nothing', async () => {
    expect(
      await findingsOf('instrumentation-ranges', { packages: { '@langfuse/openai@5.0.0': {}, 'openai@7.0.0': {} } }),
    ).toEqual([]);
  });
});
