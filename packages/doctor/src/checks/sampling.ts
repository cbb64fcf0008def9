// A sampled trace is a fraction of what was spent.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import type { App } from '../app/app.ts';
import { lineAt } from '../app/blank-comments.ts';
import type { Setting } from '../app/settings.ts';
import { isTurnmeterLoaded } from '../app/telemetry-setup.ts';

export const sampling: Check<App> = {
  name: 'sampling',
  run: (app) => [
    ...app.settings.all('OTEL_TRACES_SAMPLER').flatMap((setting) => bySetting(app, setting)),
    ...bySource(app),
  ],
};

const ALL: ReadonlySet<string> = new Set(['always_on', 'parentbased_always_on']);
const RATIOS: ReadonlySet<string> = new Set(['traceidratio', 'parentbased_traceidratio']);
const NONE: ReadonlySet<string> = new Set(['always_off', 'parentbased_always_off']);

function bySetting(app: App, { value, where }: Setting): readonly Diagnosis[] {
  const ratio = app.settings.get('OTEL_TRACES_SAMPLER_ARG');
  const share = Number(ratio?.value ?? 1);
  if (ALL.has(value) || (RATIOS.has(value) && !(share >= 0 && share < 1))) return [];
  const isKnown = RATIOS.has(value) || NONE.has(value);
  if (!isKnown && !/ratio|rate|remote|jaeger|xray/.test(value)) return [];
  const shown = `OTEL_TRACES_SAMPLER=${value}${RATIOS.has(value) ? ` with ${ratio?.value ?? 1}` : ''}`;
  return [sampled(app, shown, [where])];
}

/** Samplers that are made in the sources. `ParentBased` alone follows whoever calls. */
const SAMPLERS =
  /\bnew (?:TraceIdRatioBasedSampler|AlwaysOffSampler)\s*\(([^)]*)\)|\btracesSampleRate\s*:\s*(0?\.\d+|0)\b/;

function bySource(app: App): readonly Diagnosis[] {
  return app.sources.files.flatMap(({ name, code }) => {
    const match = SAMPLERS.exec(code);
    const argument = match?.[1]?.trim() ?? match?.[2];
    if (match === null || argument === '1' || argument === '1.0') return [];
    return [{ ...sampled(app, match[0], [`${name}:${lineAt(code, match.index)}`]), isHeuristic: true }];
  });
}

function sampled(app: App, found: string, where: readonly string[]): Diagnosis {
  const isOurs = isTurnmeterLoaded(app);
  return {
    severity: Severity.LOSES_DATA,
    found: `traces are sampled: ${found}`,
    where,
    why: isOurs
      ? 'Sessions, turns and costs that are read from spans are those of a fraction; only metrics and the figures inside of the process are whole.'
      : 'Tokens and costs are read from spans, so only a fraction of what is spent is seen, and whole sessions are missing.',
    fix: [
      'OTEL_TRACES_SAMPLER=parentbased_always_on',
      'sample behind the service instead, in the Collector’s pipeline to the trace store',
    ],
  };
}
