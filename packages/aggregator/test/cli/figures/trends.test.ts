// Trends and forecasts as people and programs get them, of eight weeks that were imported.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ForecastDocument } from '../../../src/serve/documents/forecast-document.ts';
import type { TrendsDocument } from '../../../src/serve/documents/trends-document.ts';
import { ESCAPE, type RunningService, runService } from '../running-service.ts';
import { temporaryFolders } from '../temporary-folders.ts';

const newFolder = temporaryFolders();
const DAYS = 56;
const DAY_MS = 86_400_000;
const AGENT = `writer${ESCAPE}[31m`;

let service: RunningService;

beforeAll(async () => {
  service = await runService();
  await importFile(weeksOfCalls());
});

afterAll(() => service.stop());

async function importFile(file: string): Promise<void> {
  const { code, stderr } = await service.turnmeter('import', file, '--otlp-url', service.otlpUrl);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function count(key: string, intValue: number): object {
  return { key, value: { intValue: String(intValue) } };
}

/** A call each noon until yesterday, with 1,000 tokens on working days and 100 on weekends, and one just now. */
function weeksOfCalls(): string {
  const now = Date.now();
  const today = now - (now % DAY_MS);
  const noons = Array.from({ length: DAYS }, (_, at) => today - (DAYS - at) * DAY_MS + DAY_MS / 2);
  const spans = [...noons, now - 1000].map((ms, at) => ({
    traceId: (at + 1).toString(16).padStart(32, '0'),
    spanId: (at + 1).toString(16).padStart(16, '0'),
    name: 'chat',
    startTimeUnixNano: `${ms - 500}000000`,
    endTimeUnixNano: `${ms}000000`,
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.request.model', 'gpt-5-mini'),
      text('gen_ai.conversation.id', `session-${at}`),
      text('gen_ai.agent.name', AGENT),
      text('gen_ai.workflow.name', 'digest'),
      count('gen_ai.usage.input_tokens', isWeekend(ms) ? 90 : 900),
      count('gen_ai.usage.output_tokens', isWeekend(ms) ? 10 : 100),
    ],
  }));
  const file = path.join(newFolder(), 'traces.json');
  writeFileSync(file, JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans }] }] }));
  return file;
}

function isWeekend(ms: number): boolean {
  return [0, 6].includes(new Date(ms).getUTCDay());
}

describe('trends', () => {
  it('has a line a day with a bar, the day that runs marked as such, and no colors where it is piped', async () => {
    const { code, stdout, stderr } = await service.turnmeter('trends', '--workflow', 'digest', '--days', '10');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^time \(UTC\) +cost +sessions +tokens/);
    expect(lines).toHaveLength(11);
    expect(lines[1]).toMatch(/^\d{4}-\d{2}-\d{2} +\$0\.\d+ +[▏▎▍▌▋▊▉█]+ +1 +(?:1,000|100)/);
    expect(lines[10]).toMatch(/^\d{4}-\d{2}-\d{2} so far +\$0\.\d+ .* 1 +(?:1,000|100)/);
    expect(stdout).not.toContain(ESCAPE);
  });

  it('has a line an agent, whose name no terminal obeys', async () => {
    const { stdout } = await service.turnmeter('trends', '--by', 'agent');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^writer\\x1b\[31m +\$0\.\d+ +[▁▂▃▄▅▆▇█ ]+ +[\d,]+/);
  });

  it('has hours, and what the service answers as JSON', async () => {
    const hours = await service.json<TrendsDocument>('trends', '--step', 'hour', '--days', '3');
    expect(hours.step).toBe('hour');
    expect(hours.series[0]?.points.length).toBeGreaterThan(24);
    const days = await service.json<TrendsDocument>('trends');
    const tokens = days.series[0]?.points.slice(0, 28).map((point) => point.tokens.input + point.tokens.output);
    // Four whole weeks: 20 working days and 8 of weekends.
    expect(tokens?.reduce((sum, each) => sum + each, 0)).toBe(20 * 1000 + 8 * 100);
  });

  it('says that nothing is known, and refuses what is no time zone', async () => {
    const { stdout } = await service.turnmeter('trends', '--workflow', 'nobody');
    expect(stdout).toMatch(/^Nothing is known of nobody from .* to .*\.\n$/);
    const { code, stderr } = await service.turnmeter('trends', '--timezone', 'Mars');
    expect(code).toBe(1);
    expect(stderr).toContain('timezone: expected a time zone of the IANA database');
    expect((await service.turnmeter('trends', '--days', '0')).code).toBe(2);
  });
});

describe('forecast', () => {
  it('tells the sum, each day with its interval, and how past forecasts did', async () => {
    const { code, stdout, stderr } = await service.turnmeter('forecast', '--measure', 'tokens', '--days', '7');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^7 days +[\d,]+, between [\d,]+ and [\d,]+$/m);
    expect(stdout).toMatch(/^history +56 days since \d{4}-\d{2}-\d{2}$/m);
    expect(stdout).toMatch(/^so far +.* of [\d,]+ days were within their interval$/m);
    expect(stdout).toMatch(/^\d{4}-\d{2}-\d{2} today +[\d.,]+ +[\d.,]+ +[\d.,]+ +[├─●┤ ]+/m);
    expect(stdout.trimEnd().split('\n').slice(-7)).toHaveLength(7);
  });

  it('is what the service answers as JSON', async () => {
    const forecast = await service.json<ForecastDocument>('forecast', '--measure', 'tokens', '--days', '14');
    // Ten working days and four of weekends: 10,400; half of its interval is more than nothing.
    expect(forecast.total?.low).toBeLessThan(10_400);
    expect(forecast.total?.high).toBeGreaterThan(10_400);
    expect(forecast.points).toHaveLength(14);
  });

  it('says how much history it takes', async () => {
    const { code, stdout } = await service.turnmeter('forecast', '--workflow', 'nobody');
    expect(code).toBe(0);
    expect(stdout).toBe('There is no forecast yet: it takes 4 whole days of history, and 0 are known.\n');
  });
});
