import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplanationDocument } from '../../../src/serve/documents/explain-document.ts';
import type { SessionDetailDocument, SessionDocument } from '../../../src/serve/documents/session-schema.ts';
import type { AssessmentDocument } from '../../../src/serve/documents/assessment-document.ts';
import { MAIN, runTurnmeter } from '../run-turnmeter.ts';
import { CAPTURES, ESCAPE, type RunningService, runService } from '../running-service.ts';
import { temporaryFolders } from '../temporary-folders.ts';

const newFolder = temporaryFolders();

interface Sessions {
  readonly sessions: readonly SessionDocument[];
  readonly next_cursor: string | null;
}

let service: RunningService;

beforeAll(async () => {
  service = await runService();
  // Tokens of its truth.json: sess-a 5,409, sess-b 4,628, sess-c 5,395.
  await importFiles(path.join(CAPTURES, 'ai6-native-chat'));
  await importFiles(hostileFile(), '--tenant', 'hostile');
  await service.turnmeter('finalize', 'sess-a');
});

afterAll(() => service.stop());

async function importFiles(...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await service.turnmeter('import', ...args, '--otlp-url', service.otlpUrl);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(' accepted, 0 refused');
}

const HOSTILE_SESSION = `a\nb${ESCAPE}[31m'; DROP TABLE`;
const HOSTILE_AGENT = '\u{202e}reviewer\u{200b}';

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function count(key: string, intValue: string): object {
  return { key, value: { intValue } };
}

/** One model call whose names would move the cursor, color the screen and look like others. */
function hostileFile(): string {
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'chat',
    startTimeUnixNano: '1795000000000000000',
    endTimeUnixNano: '1795000001000000000',
    attributes: [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.request.model', `gpt-5-mini${ESCAPE}]0;title\u0007`),
      text('gen_ai.conversation.id', HOSTILE_SESSION),
      text('gen_ai.agent.name', HOSTILE_AGENT),
      text('gen_ai.workflow.name', 'x'.repeat(300)),
      count('gen_ai.usage.input_tokens', '12'),
      count('gen_ai.usage.output_tokens', '3'),
    ],
  };
  return writeSpans([span]);
}

/** Two sessions of each of two versions; those of the newer use twice the tokens. */
function versionsFile(): string {
  const spans = ['7.0', '7.1'].flatMap((version, nth) =>
    [1000, 1010].map((tokens, at) => ({
      traceId: `${nth}${at}`.padEnd(32, 'a'),
      spanId: `${nth}${at}`.padEnd(16, 'b'),
      name: 'chat',
      startTimeUnixNano: `${1_795_000_000 + nth * 10 + at}000000000`,
      endTimeUnixNano: `${1_795_000_001 + nth * 10 + at}000000000`,
      attributes: [
        text('gen_ai.operation.name', 'chat'),
        text('gen_ai.provider.name', 'openai'),
        text('gen_ai.request.model', 'gpt-5-mini'),
        text('gen_ai.conversation.id', `v${version}-${at}`),
        text('gen_ai.workflow.name', 'versioned'),
        text('turnmeter.workflow.version', version),
        count('gen_ai.usage.input_tokens', `${tokens * (nth + 1)}`),
        count('gen_ai.usage.output_tokens', '0'),
      ],
    })),
  );
  return writeSpans(spans);
}

function writeSpans(spans: readonly object[]): string {
  const file = path.join(newFolder(), 'traces.json');
  writeFileSync(file, JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans }] }] }));
  return file;
}

describe('sessions', () => {
  it('lists sessions as an aligned table with their sum, and nothing that a terminal would obey', async () => {
    const { code, stdout, stderr } = await service.turnmeter('sessions');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(
      'session  workflow         state      began (UTC)          duration  agents  turns  calls  errors  tokens      cost',
    );
    expect(lines[1]).toMatch(
      /^sess-c {3}ai6-native-chat {2}running {4}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d .* {3}5,395 {2}\$0\.00868$/,
    );
    expect(lines[3]).toMatch(/^sess-a {3}ai6-native-chat {2}finalized .* {3}5,409 {2}\$0\.00844$/);
    // 5,409 + 4,628 + 5,395
    expect(stdout).toMatch(/\n\n3 sessions, 2 of them running: 15,432 tokens, \$0\.024\d\n$/);
    expect(stdout).not.toContain(ESCAPE);
  });

  it('gives programs the answer of the API on one line', async () => {
    const { stdout } = await service.turnmeter('sessions', '--json');
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const answer: unknown = await (await fetch(`${service.apiUrl}/api/v1/sessions?limit=20`)).json();
    // When running sessions were looked at differs.
    const withoutTime = ({ sessions }: Sessions): object[] =>
      sessions.map((session) => ({ ...session, timestamp: '' }));
    expect(withoutTime(JSON.parse(stdout) as Sessions)).toEqual(withoutTime(answer as Sessions));
  });

  it.each([
    [['--state', 'finalized'], ['sess-a']],
    [['--prefix', 'sess-b'], ['sess-b']],
    [
      ['--order', 'tokens'],
      ['sess-a', 'sess-c', 'sess-b'],
    ],
    [['--order', 'tokens', '--limit', '1'], ['sess-a']],
    [['--min-cost', '0.0085'], ['sess-c']],
    [['--agent', 'Nobody'], []],
    [
      ['--workflow', 'ai6-native-chat', '--model', 'gpt-4.1-2025-04-14', '--limit', '2'],
      ['sess-c', 'sess-b'],
    ],
    [['--to', '2020-01-01'], []],
  ])('narrows down and orders by %j', async (options, ids) => {
    const { sessions } = await service.json<Sessions>('sessions', ...options);
    expect(sessions.map(({ session_id }) => session_id)).toEqual(ids);
  });

  it('goes on by cursor where a list ended', async () => {
    const { next_cursor } = await service.json<Sessions>('sessions', '--limit', '2');
    const { sessions } = await service.json<Sessions>('sessions', '--limit', '2', '--cursor', next_cursor ?? '');
    expect(sessions.map(({ session_id }) => session_id)).toEqual(['sess-a']);
    const { stdout } = await service.turnmeter('sessions', '--limit', '2');
    expect(stdout).toContain('There are more: --limit 10');
  });

  it('says what to do where there is nothing', async () => {
    const none = await service.turnmeter('sessions', '--workflow', 'x');
    expect(none).toMatchObject({
      code: 0,
      stdout: 'No session fits. Without options `turnmeter sessions` lists the latest.\n',
    });
    const empty = await service.turnmeter('sessions', '--tenant', 'nobody');
    expect(empty.stdout).toContain('Nothing has been counted for the tenant nobody yet.');
    expect(empty.stdout).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
  });

  it.each([
    ['--limit', 'many', 'Expected a whole number.'],
    ['--from', 'yesterday', 'Expected a time like 2026-11-01'],
    ['--state', 'over', 'Allowed choices are running, finalized.'],
    ['--min-cost', '-1', 'Expected dollars, like 0.50.'],
  ])('refuses %s %s and says what it expects', async (option, value, message) => {
    const { code, stdout, stderr } = await service.turnmeter('sessions', option, value);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('session', () => {
  it('shows tokens, cost, agents, models, tools, turns and handoffs', async () => {
    const { code, stdout } = await service.turnmeter('session', 'sess-a');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^session {3}sess-a\nworkflow {2}ai6-native-chat\n/);
    expect(stdout).toMatch(/\nstate {5}finalized \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/);
    // Of truth.json: 4,700 prompt tokens, 709 answer tokens.
    expect(stdout).toMatch(/\ntokens {4}4,700 in \([\d,]+ from cache\) \+ 709 out \(\d+ reasoning\) = 5,409\n/);
    expect(stdout).toContain('\ncalls     7 model calls, 1 tool call, 5 turns, 1 error\n');
    expect(stdout).toContain('\ncost      $0.00844 exact\n');
    for (const title of ['agent ', 'model ', 'tool ', 'turn  speaker', 'from '])
      expect(stdout).toContain(`\n\n${title}`);
    expect(stdout).toMatch(/\nWriter +2 .* \$0\.0\d+ +\d+ % █/);
    expect(stdout).not.toContain(ESCAPE);
  });

  it('has in its table what the API has', async () => {
    const session = await service.json<SessionDetailDocument>('session', 'sess-a');
    expect(session.session_summary).toMatchObject({ total_tokens: 5409, agents_used: ['Critic', 'Planner', 'Writer'] });
    expect(session.turns).toHaveLength(5);
  });

  it('shows what is hostile in names, and leaves it whole for programs', async () => {
    const { stdout } = await service.turnmeter('session', HOSTILE_SESSION, '--tenant', 'hostile');
    expect(stdout).toContain(String.raw`session   a\nb\x1b[31m'; DROP TABLE`);
    expect(stdout).toContain(String.raw`\u{202e}reviewer\u{200b}`);
    expect(stdout).toContain(String.raw`gpt-5-mini\x1b]0;title\x07`);
    expect(stdout).toMatch(/\nworkflow {2}x{119}…\n/);
    for (const character of [ESCAPE, '\u0007', '\u{202e}', '\u{200b}']) expect(stdout).not.toContain(character);
    const list = await service.turnmeter('sessions', '--tenant', 'hostile');
    expect(list.stdout).not.toContain(ESCAPE);
    const { sessions } = await service.json<Sessions>('sessions', '--tenant', 'hostile');
    expect(sessions.map(({ session_id }) => session_id)).toEqual([HOSTILE_SESSION]);
  });

  it('suggests the session that was meant, and ends with 1', async () => {
    const { code, stdout, stderr } = await service.turnmeter('session', 'sess-x');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: Nothing is known of the session sess-x\. Did you mean sess-[abc] or /);
  });
});

describe('finalize and workflows', () => {
  it('compares a session with the others of its workflow, and comes to averages over all of them', async () => {
    const first = await service.turnmeter('finalize', 'sess-b');
    expect(first.stdout).toMatch(
      /^sess-b of ai6-native-chat is finalized: \w+\ncompared with 1 other; confidence: low\n/,
    );
    const { code, stdout } = await service.turnmeter('finalize', 'sess-c');
    expect(code).toBe(0);
    expect(stdout).toContain('compared with 2 others; confidence: low');
    // (5,409 + 4,628) / 2 = 5,018.5; 5,395 − 5,018.5 = 376.5, which is 7.5 %.
    expect(stdout).toMatch(/\ntokens +5,395 +5,019 +\+377 +\+7\.5 % +50 % of others {2}normal\n/);
    expect(stdout).toMatch(/\nagent +Writer +\$0\.0\d+ +\d+ % █/);
    expect(stdout).not.toContain(ESCAPE);
    const again = await service.json<AssessmentDocument>('finalize', 'sess-c');
    expect(again).toMatchObject({ session_finalized: true, performance_comparison: { sessions_compared: 2 } });
    expect(again.session_summary.total_tokens).toBe(5395);

    const workflows = await averagesOver(3);
    expect(workflows).toMatch(/^workflow +sessions {2}mean cost .*\nai6-native-chat +3 +\$0\.00827 .* 5,144 /);
    const workflow = await service.turnmeter('workflow', 'ai6-native-chat');
    // Median of 5,409, 4,628 and 5,395; their mean is 5,144.
    expect(workflow.stdout).toMatch(/\ntokens +3 +5,144 +\d+ +5,395 /);
    expect(workflow.stdout).toMatch(/\n\nagent +in sessions +turns +mean turn /);
    const json = await service.json<{ session_count: number }>('workflow', 'ai6-native-chat');
    expect(json.session_count).toBe(3);
  });

  it('lays versions of a workflow beside one another, and names a session’s', async () => {
    await importFiles(versionsFile(), '--tenant', 'versions');
    const tenant = ['--tenant', 'versions'];
    const sessions = await service.json<Sessions>('sessions', '--workflow-version', '7.1', ...tenant);
    expect(sessions.sessions.map(({ session_id }) => session_id)).toEqual(['v7.1-1', 'v7.1-0']);
    const narrowed = await service.turnmeter('sessions', '--workflow-version', '9', ...tenant);
    expect(narrowed.stdout).toContain('No session fits.');
    for (const { session_id } of (await service.json<Sessions>('sessions', ...tenant)).sessions)
      await service.turnmeter('finalize', session_id ?? '', ...tenant);
    const table = async (): Promise<string> => (await service.turnmeter('workflow', 'versioned', ...tenant)).stdout;
    // Averages are computed every five seconds. 1,000 and 1,010 tokens of the older, twice as many of the newer: 15 standard errors.
    await expect
      .poll(table)
      .toMatch(/\n\nversion .*sessions +mean cost +change .* failed\n7\.1 .* 2 +\$\S+ +\+100 % .* 0 %\n7\.0 .* 2 /);
    const session = await service.turnmeter('session', 'v7.1-1', ...tenant);
    expect(session.stdout).toMatch(/\nworkflow +versioned, version 7\.1\n/);
    const all = await service.turnmeter('sessions', ...tenant);
    expect(all.stdout).toMatch(/^session +workflow +version +state .*\nv7\.1-1 +versioned +7\.1 +finalized /);
    const record = await service.turnmeter('explain', '11'.padEnd(16, 'b'), ...tenant);
    expect(record.stdout).toMatch(/\nworkflow +versioned, version 7\.1\n/);
    expect(record.stdout).toMatch(/\n\+ .+ {2}v7\.1-1 \/ versioned, version 7\.1\n/);
    const { records } = await service.json<ExplanationDocument>('explain', '11'.padEnd(16, 'b'), ...tenant);
    expect(records[0]).toMatchObject({ seen: { workflow_version: '7.1' }, bookings: [{ workflow_version: '7.1' }] });
  });

  it('suggests the workflow that was meant', async () => {
    const { code, stderr } = await service.turnmeter('workflow', 'ai6-chat');
    expect(code).toBe(1);
    expect(stderr).toContain('error: Nothing is known of the workflow ai6-chat. Did you mean ai6-native-chat?');
  });

  it('finalizes no session that is not there', async () => {
    expect(await service.turnmeter('finalize', 'sess-y')).toMatchObject({ code: 1, stdout: '' });
  });
});

/** Averages are computed every five seconds. */
async function averagesOver(sessions: number): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { workflows } = await service.json<{ workflows: { session_count: number }[] }>('workflows');
    if (workflows[0]?.session_count === sessions) return (await service.turnmeter('workflows')).stdout;
    if (Date.now() > deadline) throw new Error(`no averages over ${sessions} sessions: ${JSON.stringify(workflows)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('commands that ask a service', () => {
  it('say how to start one where none runs', async () => {
    const { code, stdout, stderr } = await runTurnmeter(['sessions', '--url', 'http://127.0.0.1:9']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: no Turnmeter service answers at http:\/\/127\.0\.0\.1:9 \(.+\)\n/);
    expect(stderr).toContain('Start one with `turnmeter up`, or say where it is: --url or TURNMETER_URL.');
  });

  it('refuse what is no address, and a directory that is not there', async () => {
    expect(await runTurnmeter(['sessions', '--url', 'localhost:8318'])).toMatchObject({ code: 2 });
    const { code, stderr } = await runTurnmeter(['sessions', '--data-dir', '/nonexistent/turnmeter']);
    expect(code).toBe(1);
    expect(stderr).toContain('error: there is no data directory /nonexistent/turnmeter: expected one that');
  });

  it('tell that the data of a running service cannot be opened, and what to do', async () => {
    const { code, stderr } = await runTurnmeter(['sessions', '--data-dir', service.dataDir]);
    expect(code).toBe(1);
    expect(stderr).toContain('Ask it instead: --url http://127.0.0.1:8318 in place of --data-dir.');
  });
});

/** What a command prints on a pseudo-terminal, which `script` makes. */
function onTerminal(width: number, command: string): string {
  const line = `stty cols ${width}; "${process.execPath}" "${MAIN}" ${command} --url ${service.apiUrl}`;
  const env = { PATH: process.env['PATH'], TERM: 'xterm-256color', SHELL: '/bin/sh' };
  return execFileSync('script', ['-qec', line, '/dev/null'], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe.skipIf(process.platform !== 'linux')('on a terminal', () => {
  it('tables are colored and no wider than it', () => {
    const printed = onTerminal(70, 'sessions');
    expect(printed).toContain(`${ESCAPE}[1msession`);
    const lines = stripVTControlCharacters(printed).split('\r\n');
    expect(lines.filter((line) => line.length > 70)).toEqual([]);
    expect(printed).toContain('(a wider terminal shows ');
  });

  it('JSON is on lines of its own', () => {
    expect(onTerminal(100, 'workflows --json')).toContain('{\r\n  "workflows": [');
  });
});
