import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningService, runService } from '../running-service.ts';
import { temporaryFolders } from '../temporary-folders.ts';

const newFolder = temporaryFolders();
const SESSIONS = 30;
/** The one that goes on. */
const RUNNING = SESSIONS;
const TURNS = 4;

let service: RunningService;

beforeAll(async () => {
  service = await runService();
  const file = path.join(newFolder(), 'traces.json');
  const sessions = Array.from({ length: SESSIONS }, (_, at) => spansOf(at));
  const spans = [...sessions, spansOf(RUNNING).slice(0, 2)].flat();
  writeFileSync(file, JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans }] }] }));
  await importFile(file);
  for (let at = 0; at < SESSIONS; at++) await finalize(`draft ${at}`);
  // The list of workflows is computed every few seconds.
  await vi.waitUntil(isListed, { timeout: 60_000, interval: 250 });
});

afterAll(() => service.stop());

async function importFile(file: string): Promise<void> {
  const { code, stderr } = await service.turnmeter('import', file, '--otlp-url', service.otlpUrl);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

async function finalize(session: string): Promise<void> {
  const url = `${service.apiUrl}/api/v1/sessions/${encodeURIComponent(session)}/finalize`;
  const { status } = await fetch(url, { method: 'POST' });
  expect(status).toBe(200);
}

async function isListed(): Promise<boolean> {
  const answer = await fetch(`${service.apiUrl}/api/v1/workflows`);
  const { workflows } = (await answer.json()) as { readonly workflows: readonly { readonly session_count: number }[] };
  return workflows[0]?.session_count === SESSIONS;
}

/** A session of four turns of ten seconds; from one to the next, turns cost from 1,000 to 1,900 input tokens. */
function spansOf(session: number): readonly object[] {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return Array.from({ length: TURNS }, (_, turn) => {
    const beganSeconds = 1_795_000_000 + session * 100 + turn * 10;
    return {
      traceId: hex(session + 1, 32),
      spanId: hex(session * TURNS + turn + 1, 16),
      name: 'chat',
      startTimeUnixNano: `${beganSeconds}000000000`,
      endTimeUnixNano: `${beganSeconds + 9}000000000`,
      attributes: [
        text('gen_ai.operation.name', 'chat'),
        text('gen_ai.request.model', 'gpt-5-mini'),
        text('gen_ai.provider.name', 'openai'),
        text('gen_ai.conversation.id', `draft ${session}`),
        text('gen_ai.agent.name', turn % 2 === 0 ? 'writer' : 'critic'),
        text('gen_ai.workflow.name', 'drafts'),
        count('gen_ai.usage.input_tokens', 1000 + ((session * 7) % 10) * 100),
        count('gen_ai.usage.output_tokens', 100),
      ],
    };
  });
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function count(key: string, value: number): object {
  return { key, value: { intValue: `${value}` } };
}

describe('turnmeter session', () => {
  it('says of a running session what it will cost, how it compares, and which were like it', async () => {
    const { code, stdout } = await service.turnmeter('session', `draft ${RUNNING}`);
    expect(code).toBe(0);
    // Half of its four turns are over.
    expect(stdout).toMatch(
      /\nend cost +\$0\.\d+ to \$0\.\d+, as likely more as less than \$0\.\d+ \(90 % of sessions; from 30 that came as far\)\n/,
    );
    expect(stdout).toMatch(/\ncompared +normal: \d\.?\d* times what half of 30 sessions had cost by turn 2\n/);
    expect(stdout).toMatch(/\nlike +draft \d+ \(\$0\.\d+\), draft \d+ \(/);
    expect((await service.turnmeter('session', 'draft 0')).stdout).not.toContain('end cost');
  });
});

describe('turnmeter backtest', () => {
  it('measures projections of each workflow beside naive ones', async () => {
    const { code, stdout } = await service.turnmeter('backtest');
    expect(code).toBe(0);
    const [head = '', ours = '', bySpending = '', mean = '', linear = ''] = stdout.split('\n');
    expect(head.trim().split(/ {2,}/)).toEqual([
      'workflow',
      'sessions',
      'no answer',
      'method',
      'covered',
      '± s.e.',
      'width',
      'MAPE',
      'loss',
    ]);
    // Nine of thirty sessions had too few before them.
    expect(ours).toMatch(/^drafts +30 +30\.0 % +projection +\d+\.\d %/);
    expect(bySpending).toMatch(/^ +by spending alone +\d+\.\d %/);
    expect(mean).toMatch(/^ +workflow mean +\d+\.\d %/);
    expect(linear).toMatch(/^ +linear in turns +0\.0 %|^ +linear in turns +\d/);
    expect(stdout).toContain('Intervals are to hold in 90 % of sessions.');
  });

  it('prints the same as JSON, of one workflow and of so many sessions', async () => {
    const { code, stdout } = await service.turnmeter('backtest', '--workflow', 'drafts', '--sessions', '20', '--json');
    expect(code).toBe(0);
    const { workflows } = JSON.parse(stdout);
    expect(workflows).toHaveLength(1);
    expect(workflows[0]).toMatchObject({
      workflow: 'drafts',
      sessions: 20,
      looks: 20 * TURNS,
      not_enough_history: 9 * TURNS,
      level: 0.9,
      projection: { sessions: 11, forecasts: 11 * TURNS },
      by_spending: { forecasts: expect.any(Number) },
      naive: { linear_in_turns: { coverage: null } },
    });
    // Sessions cost four times their first turn: the straight line is right, and projections come near.
    expect(workflows[0].naive.linear_in_turns.mean_absolute_percentage_error).toBeLessThan(1e-6);
    expect(workflows[0].projection.mean_absolute_percentage_error).toBeLessThan(0.2);
  });

  it('says what to do where there is nothing to test on', async () => {
    const { code, stderr } = await service.turnmeter('backtest', '--workflow', 'unheard of');
    expect(code).toBe(1);
    expect(stderr).toContain('there are no finalized sessions of "unheard of" to test on');
    expect(stderr).toContain('turnmeter finalize <id>');
  });

  it('has examples in its help', async () => {
    const { code, stdout } = await service.turnmeter('backtest', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('$ turnmeter backtest --workflow research --sessions 5000');
  });
});
