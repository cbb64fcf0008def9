import { describe, expect, it } from 'vitest';
import { LOADED, saidOf, TURNMETER_PACKAGES } from '../app-folder.ts';

const OPENINFERENCE = '@arizeai/openinference-instrumentation-openai@4.2.7';

describe('instrumentation-faults', () => {
  it('finds what was measured to be wrong, where it is felt', async () => {
    expect(await saidOf('instrumentation-faults', { packages: { [OPENINFERENCE]: {}, 'openai@7.57.0': {} } })).toEqual([
      `wrong_figures: ${OPENINFERENCE} reports no tokens for streamed chat completions`,
    ]);
    expect(
      await saidOf('instrumentation-faults', { packages: { 'openlit@1.15.0': {}, '@openai/agents@0.20.0': {} } }),
    ).toEqual([
      'loses_data: openlit@1.15.0 replaces every other trace processor of @openai/agents and loses its model calls with all their tokens',
    ]);
  });

  it('is advice where Turnmeter reports the same in full, but not where it is driven out', async () => {
    const plan = {
      manifest: LOADED,
      packages: {
        ...TURNMETER_PACKAGES,
        [OPENINFERENCE]: {},
        'openai@7.57.0': {},
        'openlit@1.15.0': {},
        '@openai/agents@0.20.0': {},
      },
    };
    expect((await saidOf('instrumentation-faults', plan)).map((said) => said.split(' ')[0])).toEqual([
      'advice:',
      'loses_data:',
    ]);
  });

  it('claims nothing of versions that nobody measured, nor where the target is absent or passed over', async () => {
    const newer = OPENINFERENCE.replace('4.2.7', '5.0.0');
    expect(await saidOf('instrumentation-faults', { packages: { [newer]: {}, 'openai@7.57.0': {} } })).toEqual([]);
    expect(await saidOf('instrumentation-faults', { packages: { [OPENINFERENCE]: {} } })).toEqual([]);
    expect(
      await saidOf('instrumentation-faults', {
        packages: { '@traceloop/instrumentation-openai@0.27.0': {}, 'openai@7.57.0': {} },
        files: {
          'node_modules/@traceloop/instrumentation-openai/dist/index.js':
            'new InstrumentationNodeModuleDefinition("openai", [">=4 <7"], p)',
        },
      }),
    ).toEqual([]);
  });
});
