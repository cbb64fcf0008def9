import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAIN } from '../run-turnmeter.ts';
import { ESCAPE, startTurnmeter, type StartedCommand } from '../running-service.ts';
import { temporaryFolders } from '../temporary-folders.ts';
import { type EventService, runEventService, sessionAt } from './event-service.ts';

const newFolder = temporaryFolders();

let service: EventService;
beforeEach(async () => {
  service = await runEventService();
});
afterEach(() => service.stop());

function watch(...args: readonly string[]): StartedCommand {
  return startTurnmeter(['watch', ...args], { TURNMETER_URL: service.url });
}

/** Lines without the time that they begin with. */
function linesOf(output: string): readonly string[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z {2}/, ''));
}

async function interrupt(command: StartedCommand): Promise<void> {
  command.process.kill('SIGINT');
  expect(await command.ended).toEqual({ code: 130, signal: null });
}

describe('turnmeter watch in a pipe', () => {
  it('writes a line for each change, and none for what says nothing new', async () => {
    service.atFirst = [
      ['session', sessionAt(40)],
      ['ready', { sessions: 1 }],
    ];
    const command = watch();
    await service.listeners(1);
    service.tell('session', sessionAt(40));
    service.tell('session', sessionAt(80));
    service.tell('guard', {
      session_id: 's-1',
      workflow: 'support',
      action: 'degrade',
      reason: 'shares.warning',
      at: '',
    });
    service.tell('session', sessionAt(160));
    service.tell('stop', { session_id: 's-1', workflow: null, reason: 'too dear', by: 'ada', at: '' });
    service.tell('release', { session_id: null, workflow: 'support' });
    service.tell('unheard_of', { session_id: 's-1' });
    service.tell('session', { session_id: 's-1', cost: 'much' });
    service.tell('guard', {});
    service.tell('constructor', {});
    service.tell('finalized', sessionAt(160, { state: 'finalized' }));
    const output = await command.output((text) => text.includes('finalized'));
    await interrupt(command);
    expect(linesOf(output)).toEqual([
      'running  s-1  support  $0.04  40 % of $0.10  ok  ends at $0.12  4 turns  4,000 tokens',
      'running  s-1  support  $0.08  80 % of $0.10  warning  ends at $0.12  8 turns  8,000 tokens',
      'guard  s-1  degrade  shares.warning',
      'running  s-1  support  $0.16  160 % of $0.10  stop, degraded  ends at $0.12  16 turns  16,000 tokens',
      'stop  session s-1  too dear  by ada',
      'release  workflow support',
      'finalized  s-1  support  $0.16  160 % of $0.10  ended  ends at $0.12  16 turns  16,000 tokens',
    ]);
    expect(command.stderr()).toBe('');
  });

  it('never lets a name act on the terminal', async () => {
    const session_id = `evil${ESCAPE}]0;title${ESCAPE}[2J\n\u{202e}name`;
    service.atFirst = [['session', sessionAt(40, { session_id, workflow: `w${ESCAPE}[31m` })]];
    const command = watch();
    const output = await command.output((text) => text.includes('\n'));
    await interrupt(command);
    expect(output).not.toContain(ESCAPE);
    expect(output).toContain(String.raw`evil\x1b]0;title\x1b[2J\n\u{202e}name`);
  });

  it('--json writes each document on a line of its own, as it was told', async () => {
    service.atFirst = [
      ['session', sessionAt(40)],
      ['ready', { sessions: 1 }],
    ];
    const command = watch('--json');
    const output = await command.output((text) => text.includes('ready'));
    await interrupt(command);
    expect(
      output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { event: 'session', data: sessionAt(40) },
      { event: 'ready', data: { sessions: 1 } },
    ]);
  });

  it('--workflow shows one workflow, also where the service tells of all', async () => {
    service.atFirst = [
      ['session', sessionAt(40, { session_id: 'other', workflow: 'research' })],
      ['session', sessionAt(50)],
    ];
    const command = watch('--workflow', 'support');
    const output = await command.output((text) => text.includes('s-1'));
    await interrupt(command);
    expect(service.requests).toEqual(['GET /api/v1/events?workflow=support']);
    expect(output).not.toContain('other');
  });

  it('waits for a service that goes away, and says so', async () => {
    service.atFirst = [['session', sessionAt(40)]];
    const command = watch();
    await command.output((text) => text.includes('s-1'));
    service.atFirst = [['session', sessionAt(95)]];
    service.cut();
    const output = await command.output((text) => text.includes('95 %'));
    await interrupt(command);
    expect(linesOf(output)).toHaveLength(2);
    expect(command.stderr()).toMatch(/^The connection is lost, trying again: /);
  });

  it('asks an older service, which has no stream, each second', async () => {
    service.hasEvents = false;
    service.documents.set('/api/v1/workflows', {
      workflows: [{ workflow: 'support', performance_averages: { avg_cost_per_session: 0.1 } }],
    });
    service.documents.set('/api/v1/sessions', { sessions: [oldSession(0.08)], next_cursor: null });
    const command = watch();
    await command.output((text) => text.includes('running'));
    service.documents.set('/api/v1/sessions', { sessions: [oldSession(0.16)], next_cursor: null });
    await command.output((text) => text.includes('stop'));
    service.documents.set('/api/v1/sessions', { sessions: [], next_cursor: null });
    const output = await command.output((text) => text.includes('finalized'));
    await interrupt(command);
    expect(linesOf(output)).toEqual([
      'running  s-1  support  $0.08  80 % of $0.10  warning  7 turns  900 tokens',
      'running  s-1  support  $0.16  160 % of $0.10  stop  7 turns  900 tokens',
      'finalized  s-1  support  $0.16  160 % of $0.10  ended  7 turns  900 tokens',
    ]);
    expect(command.stderr()).toContain('it is asked each second');
  });

  it('ends with 1 and says what to do where nothing answers', async () => {
    const command = startTurnmeter(['watch', '--url', 'http://127.0.0.1:1']);
    expect(await command.ended).toEqual({ code: 1, signal: null });
    expect(command.stderr()).toContain('no Turnmeter service answers at http://127.0.0.1:1');
  });
});

/** A session as `GET /api/v1/sessions` gives it, as far as it matters here. */
function oldSession(usd: number): object {
  return {
    session_id: 's-1',
    workflow: 'support',
    cost: { usd, nano_usd: `${usd * 1e9}` },
    session_summary: { total_tokens: 900 },
    turn_count: 7,
    inferences: 9,
    errors: 0,
    started_at: '2026-11-23T12:00:00.000Z',
    ended_at: '2026-11-23T12:01:00.000Z',
  };
}

interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Shell that runs beside it. */
  readonly beside?: string;
  /** Ctrl-C is pressed when the output is so. */
  readonly until: (text: string) => boolean;
}

/** Runs the command on a pseudo-terminal, which `script` makes. */
async function onTerminal({
  columns = 100,
  rows = 24,
  env = {},
  beside = ':',
  until,
}: TerminalOptions): Promise<{ code: unknown; text: string }> {
  const command = `stty cols ${columns} rows ${rows}; (${beside}) & exec "${process.execPath}" "${MAIN}" watch --url ${service.url}`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
  });
  let text = '';
  let isInterrupted = false;
  // Characters may come in two pieces.
  terminal.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    if (isInterrupted || !until(text)) return;
    isInterrupted = true;
    terminal.stdin.write('\x03');
  });
  const code = await new Promise((resolve) => terminal.once('close', resolve));
  return { code, text };
}

const HIDE_CURSOR = `${ESCAPE}[?25l`;
const SHOW_CURSOR = `${ESCAPE}[?25h`;

describe.skipIf(process.platform !== 'linux')('turnmeter watch on a terminal', () => {
  it('draws bars in the color of their level, moves by event, and leaves the terminal as it was', async () => {
    service.atFirst = [
      ['session', sessionAt(40)],
      ['session', sessionAt(100, { session_id: 's-2' })],
      ['ready', { sessions: 2 }],
    ];
    let isTold = false;
    const { code, text } = await onTerminal({
      until: (soFar) => {
        if (soFar.includes('critical') && !isTold) {
          isTold = true;
          service.tell('session', sessionAt(150, { is_stopped: true }));
        }
        return soFar.includes('to stop');
      },
    });
    expect(code).toBe(130);
    const plain = stripVTControlCharacters(text);
    expect(plain).toContain('2 sessions running, $0.14 - by event');
    // A column is 10 %: four of fifteen, ten, and all.
    expect(plain).toMatch(/s-1 +support +\$0\.04 +████·{11} +40 % +ok/);
    expect(text).toContain(`${ESCAPE}[31m██████████·····`);
    expect(plain).toMatch(/s-1 +support +\$0\.15 +█{15} +150 % +to stop/);
    expect(text.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(text.lastIndexOf(HIDE_CURSOR));
    expect(text).toContain(HIDE_CURSOR);
  });

  it('has no colors where NO_COLOR asks for none', async () => {
    service.atFirst = [['session', sessionAt(100)]];
    const { text } = await onTerminal({ env: { NO_COLOR: '1' }, until: (soFar) => soFar.includes('critical') });
    // oxlint-disable-next-line no-control-regex -- what colors look like
    expect(text).not.toMatch(/\x1b\[\d+m/);
  });

  it.each([34, 60, 100])(
    'is never wider than %i columns, with names of any width, and no longer than the terminal',
    async (columns) => {
      const many = Array.from({ length: 30 }, (_, at) =>
        sessionAt(40 + at, { session_id: `会話-${at}-${'長'.repeat(30)}`, workflow: `🚀 ${ESCAPE}[2J support` }),
      );
      service.atFirst = [...many.map((session) => ['session', session] as const), ['ready', { sessions: 30 }]];
      const { text } = await onTerminal({ columns, rows: 20, until: (soFar) => soFar.includes('more session') });
      // Of one picture; between two of them there are escape codes only.
      const lines = stripVTControlCharacters(text).split('\r\n');
      expect(lines.filter((line) => stringWidth(line) > columns)).toEqual([]);
      expect(text).not.toContain(`${ESCAPE}[2J`);
      const picture = lines.slice(lines.findIndex((line) => line.includes('30 sessions running')));
      expect(picture.findIndex((line) => line.includes('more session'))).toBeLessThan(20);
    },
  );

  it('is drawn anew when the terminal becomes narrower', async () => {
    service.atFirst = [['session', sessionAt(100)]];
    const folder = newFolder();
    const flag = path.join(folder, 'narrower');
    const { text } = await onTerminal({
      columns: 120,
      beside: `while [ ! -e ${flag} ]; do sleep 0.05; done; stty cols 60 </dev/tty`,
      until: (soFar) => {
        if (soFar.includes('critical')) writeFileSync(flag, '');
        return soFar.includes('(a wider terminal shows');
      },
    });
    expect(stripVTControlCharacters(text)).toContain('between');
  });
});
