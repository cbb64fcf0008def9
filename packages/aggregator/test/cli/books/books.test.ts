import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckDocument } from '../../../src/serve/documents/check-document.ts';
import type { ExplanationDocument } from '../../../src/serve/documents/explain-document.ts';
import type { ProducersDocument } from '../../../src/serve/documents/producers-document.ts';
import type { RepriceDocument } from '../../../src/serve/documents/reprice-document.ts';
import { runTurnmeter } from '../run-turnmeter.ts';
import { CAPTURES, ESCAPE, type RunningService, runService } from '../running-service.ts';
import { temporaryFolders } from '../temporary-folders.ts';

const newFolder = temporaryFolders();

const CAPTURE = path.join(CAPTURES, 'strands-native-chat');
const folder = newFolder();

let service: RunningService;

beforeAll(async () => {
  service = await runService();
  const files = ['001-traces.pb', '003-metrics.pb'].map((file) => path.join(CAPTURE, file));
  await service.turnmeter('import', ...files, '--otlp-url', service.otlpUrl);
});

afterAll(() => service.stop());

/** The trace of sess-a. */
function someTrace(): string {
  const { resourceSpans } = JSON.parse(readFileSync(path.join(CAPTURE, '002-traces.json'), 'utf8')) as {
    resourceSpans: { scopeSpans: { spans: { traceId: string }[] }[] }[];
  };
  return resourceSpans[0]?.scopeSpans[0]?.spans[0]?.traceId ?? '';
}

describe('explain', () => {
  it('shows a trace as a tree: what each span counts as, why, and what it cost', async () => {
    const { code, stdout, stderr } = await service.turnmeter('explain', someTrace());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // Its capture: 29 spans of 4,700 prompt and 709 answer tokens.
    expect(stdout).toContain(`trace ${someTrace()}\n29 records read by strands: `);
    expect(stdout).toContain('; 5,409 tokens, $0.00844\n');
    expect(stdout).toMatch(
      /\n├─ execute_node {2}not added, lifetime total: 914 in \+ 143 out {2}[0-9a-f]{16}\n│ {2}│ {3}This is what/,
    );
    expect(stdout).toMatch(
      /\n│ {5}└─ step .*\n│ {8}├─ chat gpt-5-mini {2}inference: 914 in \+ 143 out, \$0\.000514 {2}[0-9a-f]{16}\n/,
    );
    expect(stdout.match(/This is a tool call\./g)).toHaveLength(1);
    expect(stdout).toContain('What holds for several records is said at the first of them');
    expect(stdout).not.toContain(ESCAPE);
  });

  it('shows all there is to say about one span, found by its trace or by its id alone', async () => {
    const { records } = await service.json<ExplanationDocument>('explain', someTrace());
    const all = (some: ExplanationDocument['records']): ExplanationDocument['records'] =>
      some.flatMap((record) => [record, ...all(record.children)]);
    const call = all(records).find(({ bookings }) => bookings.some(({ kind }) => kind === 'inference'));
    const span = call?.record_id ?? '';
    const { stdout } = await service.turnmeter('explain', someTrace(), span);
    expect(stdout).toContain('\nread by  strands as inference\n');
    expect(stdout).toMatch(/\nusage +input 914, output 143, cache read not reported/);
    expect(stdout).toMatch(
      /\nhow it was booked\n\+ [\d-]+ [\d:]+ {2}inference {2}914 in \+ 143 out {2}\$0\.000514 {2}sess-a \/ Planner\n/,
    );
    expect((await service.turnmeter('explain', span)).stdout).toBe(stdout);
  });

  it('ends with 1 for a trace that nobody sent', async () => {
    const { code, stdout, stderr } = await service.turnmeter('explain', 'f'.repeat(32));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`error: Nothing is known of the trace ${'f'.repeat(32)}`);
  });
});

describe('check', () => {
  it('audits the books, a line for each thing that has to hold', async () => {
    const { code, stdout } = await service.turnmeter('check');
    expect(code).toBe(0);
    expect(stdout).toContain('✓ Every record stands in the ledger once or not at all.\n  records_stand_once, ');
    expect(stdout).toMatch(/\n\nAll \d+ checks hold: the books agree\.\n$/);
    const { ok, checks } = await service.json<CheckDocument>('check');
    expect(ok).toBe(true);
    expect(checks.length).toBe(stdout.match(/✓/g)?.length);
  });
});

describe('producers', () => {
  it('lists what was recognized, and what counts for nothing', async () => {
    const { code, stdout } = await service.turnmeter('producers');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^service +profile +read as +signal +records +with usage +usage missing /);
    const { producers } = await service.json<ProducersDocument>('producers');
    // Of its capture: 21 calls, of which one was refused and says nothing.
    expect(stdout).toMatch(/\nstrands-native-chat +strands +inference +span +21 +20 +0 +0 /);
    const records = producers.reduce((sum, producer) => sum + producer.records, 0);
    expect(stdout).toContain(`\n${records} records since `);
    expect(stdout).not.toContain(ESCAPE);
  });

  it('says what to do where nothing arrived', async () => {
    const { stdout } = await service.turnmeter('producers', '--tenant', 'nobody');
    expect(stdout).toMatch(/^No record arrived since \d{4}-\d\d-\d\d\.\n/);
  });
});

describe('export', () => {
  it('writes rows to standard output, one JSON document each', async () => {
    const { code, stdout } = await service.turnmeter('export', 'entries', '--json');
    expect(code).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { sign: number; input_tokens: number });
    // 4,700 + 3,917 + 6,715 prompt tokens.
    expect(rows.reduce((sum, { sign, input_tokens }) => sum + sign * input_tokens, 0)).toBe(15_332);
  });

  it('writes a file in the format that its name says, and none where it cannot', async () => {
    const csv = path.join(folder, 'entries.csv');
    const parquet = path.join(folder, 'entries.parquet');
    const { code, stdout, stderr } = await service.turnmeter('export', 'entries', '-o', csv);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/wrote .*entries\.csv, [\d.]+ KiB\n$/);
    expect(readFileSync(csv, 'utf8')).toMatch(/^"seg","writer",/);
    await service.turnmeter('export', 'entries', '-o', parquet);
    expect(readFileSync(parquet).subarray(0, 4).toString('latin1')).toBe('PAR1');
    const nowhere = await service.turnmeter('export', 'entries', '-o', path.join(folder, 'none', 'e.csv'));
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toContain('cannot be written (ENOENT): expected a file in a folder that is there');
    expect(existsSync(`${csv}.part`)).toBe(false);
  });

  it('refuses what does not go together, and rows that there are not', async () => {
    expect(await service.turnmeter('export', '--json', '--format', 'csv')).toMatchObject({ code: 2, stdout: '' });
    const { code, stderr } = await service.turnmeter('export', 'turns');
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are sessions, entries, observations, workflows.');
  });
});

describe('a data directory without a running service', () => {
  const dataDir = path.join(folder, 'data');
  const config = path.join(folder, 'turnmeter.yaml');
  const ask = (...args: readonly string[]): ReturnType<typeof runTurnmeter> =>
    runTurnmeter([...args, '--data-dir', dataDir], { TURNMETER_TRACE_QUIET_SECONDS: '0.1' });
  const askAtOurPrices = (...args: readonly string[]): ReturnType<typeof runTurnmeter> =>
    runTurnmeter([...args, '--data-dir', dataDir], { TURNMETER_TRACE_QUIET_SECONDS: '0.1', TURNMETER_CONFIG: config });

  it('is made by an import, and priced again', async () => {
    const imported = await ask('import', path.join(CAPTURE, '002-traces.json'));
    expect(imported.stdout).toContain('\n1 file: 102 records accepted, 0 refused\n');
    const span = ['--from', '2026-01-01', '--to', '2027-01-01'];
    const same = await ask('reprice', ...span);
    expect(same.stdout).toMatch(/^\d+ calls looked at: all have the prices of now \(genai-prices@/);

    // A dollar for each token of the Critic's answers.
    writeFileSync(config, 'prices: [{name: deal, model: "gpt-4.1-mini*", rates: {input: "0", output: "1000000"}}]');
    const dry = await askAtOurPrices('reprice', ...span, '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toMatch(
      /^model +provider +calls +before +after +difference\ngpt-4\.1-mini +strands-native-chat +\d+ /,
    );
    expect(dry.stdout).toContain('Nothing was booked: without --dry-run it is.');
    const unchanged = await ask('reprice', ...span, '--dry-run', '--json');
    expect(JSON.parse(unchanged.stdout)).toMatchObject({ dry_run: true, changed: 0 });

    const booked = await askAtOurPrices('reprice', ...span, '--json');
    const { models, after } = JSON.parse(booked.stdout) as RepriceDocument;
    expect(models.map(({ model }) => model)).toEqual(['gpt-4.1-mini']);
    // Whole dollars.
    expect(after.nano_usd).toMatch(/^[1-9]\d*0{9}$/);
    const again = await askAtOurPrices('reprice', ...span, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: 0 });
  });
});
