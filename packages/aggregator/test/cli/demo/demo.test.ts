import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssessmentDocument } from '../../../src/serve/documents/assessment-document.ts';
import type { ExplanationDocument } from '../../../src/serve/documents/explain-document.ts';
import type { SessionDocument } from '../../../src/serve/documents/session-schema.ts';
import { type CommandResult, MAIN, runTurnmeter } from '../run-turnmeter.ts';
import { descendantsOf, ESCAPE, isRunning, type StartedCommand, startTurnmeter } from '../running-service.ts';
import { temporaryFolders } from '../temporary-folders.ts';

const newFolder = temporaryFolders();

const FREE_PORTS = ['--otlp-port', '0', '--grpc-port', '0', '--http-port', '0'];
/** For everything to be stopped; what takes longer would be killed by whoever waits. */
const STOP_MS_MAX = 20_000;

async function outputOf(command: StartedCommand): Promise<CommandResult> {
  const { code, signal } = await command.ended;
  return { code: code ?? signal ?? 'unknown', stdout: command.stdout(), stderr: command.stderr() };
}

describe('turnmeter demo --once', () => {
  const temporary = newFolder();
  let busy: Server;
  let result: CommandResult;
  let descendants: readonly number[] = [];

  beforeAll(async () => {
    // The usual port is somebody else's; by whom does not matter.
    busy = createServer()
      .on('error', () => undefined)
      .listen(8318, '127.0.0.1');
    const demo = startTurnmeter(['demo', '--once'], { TMPDIR: temporary, npm_lifecycle_event: 'demo' });
    await demo.output((text) => text.includes('finalized  '));
    descendants = descendantsOf(demo.process.pid ?? 0);
    result = await outputOf(demo);
  });

  afterAll(() => {
    busy.close();
  });

  it('ends with 0 and leaves no process and no file', () => {
    expect(result.code).toBe(0);
    expect(descendants.length).toBeGreaterThan(0);
    expect(descendants.filter(isRunning)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('says what is replayed, and that it takes another port where the usual one is in use', () => {
    expect(result.stdout).toContain(
      '25 group chats of 8 agent frameworks run now. They are real telemetry, recorded as the frameworks sent',
    );
    expect(result.stdout).toMatch(
      /In use by another program: port (\d+ and )*8318( and \d+)*; free ones were taken instead\./,
    );
    expect(result.stdout).toMatch(/\n {2}JSON API {3}http:\/\/127\.0\.0\.1:(?!8318)\d+\/api\/v1\n/);
  });

  it('prints each session once when it is finalized, and no escape codes', () => {
    const finalized = result.stdout.match(/^finalized {2}\S+/gm) ?? [];
    expect(finalized).toHaveLength(25);
    expect(new Set(finalized).size).toBe(25);
    expect(result.stdout + result.stderr).not.toContain(ESCAPE);
  });

  it('shows averages, an unusual session and why spans count, with the commands that show the same', () => {
    const { stdout } = result;
    expect(stdout).toMatch(/\n\$ npm run -s turnmeter -- workflows --url http\S+\n\nworkflow +sessions /);
    // Twelve chats and the one that goes round in circles.
    expect(stdout).toMatch(/\nhandoff-swarm +13 /);
    expect(stdout).toMatch(
      /\nstrands-loop-\w+ of handoff-swarm is finalized: unusual\ncompared with 12 others; confidence: fair\n/,
    );
    // Four times 3,917 + 711 tokens of the capture's sess-b.
    expect(stdout).toMatch(/\ntokens +18,512 .* unusual\n/);
    expect(stdout).toMatch(/\ntrace [0-9a-f]{32}\n18 records read by strands: /);
    expect(stdout).not.toContain('It goes on serving');
  });
});

interface DemoDocument {
  readonly api_url: string;
  readonly data_dir: string;
  readonly sessions: readonly SessionDocument[];
  readonly comparison: AssessmentDocument;
  readonly explanation: ExplanationDocument;
}

/** `● ai6-a-3f9c  AI SDK 6  handoff-swarm  1` */
const RUNNING = /␛\[32m●␛\[39m {2}\w+-a-\w{4} +.* handoff-swarm +[1-9]/;

describe('turnmeter demo', () => {
  it('prints one JSON document for programs, goes on serving, and stops at SIGINT with 0', async () => {
    const dataDir = path.join(newFolder(), 'demo');
    const demo = startTurnmeter(['demo', '--json', '--data-dir', dataDir, ...FREE_PORTS]);
    const document = JSON.parse(await demo.output((text) => text.endsWith('\n'))) as DemoDocument;
    expect(document.sessions).toHaveLength(25);
    expect(document.comparison.performance_comparison.verdict).toBe('unusual');
    expect(document.explanation.records).toHaveLength(1);
    const check = await runTurnmeter(['check', '--url', document.api_url]);
    expect(check).toMatchObject({ code: 0 });
    const versions = await runTurnmeter(['workflow', 'managed-group-chat', '--url', document.api_url]);
    expect(versions.stdout).toMatch(/\nversion .*sessions .*\n1\.[01] .* 3 .*\n1\.[01] .* 3 /);

    demo.process.kill('SIGINT');
    const startedAt = Date.now();
    const { code, stderr } = await outputOf(demo);
    expect({ code, isInTime: Date.now() - startedAt < STOP_MS_MAX }).toEqual({ code: 0, isInTime: true });
    expect(stderr).not.toContain('rror');
    // The data stay where they were asked to be.
    expect(existsSync(path.join(dataDir, 'clickhouse'))).toBe(true);
  });

  it('stops in the middle with 130, and leaves nothing behind', async () => {
    const temporary = newFolder();
    const demo = startTurnmeter(['demo', ...FREE_PORTS], { TMPDIR: temporary });
    await demo.output((text) => text.includes('JSON API'));
    const descendants = descendantsOf(demo.process.pid ?? 0);
    demo.process.kill('SIGINT');
    // As npm does, which hands on what the terminal has sent already.
    setTimeout(() => demo.process.kill('SIGINT'), 50);
    const startedAt = Date.now();
    const { code, stderr } = await outputOf(demo);
    expect({ code, isInTime: Date.now() - startedAt < STOP_MS_MAX }).toEqual({ code: 130, isInTime: true });
    expect(stderr).toContain('stopped, its data removed');
    expect(descendants.filter(isRunning)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('draws a table that moves on a terminal, until Ctrl-C', async () => {
    const temporary = newFolder();
    const command = `stty cols 100 rows 24; exec "${process.execPath}" "${MAIN}" demo ${FREE_PORTS.join(' ')}`;
    // `script` runs a command on a pseudo-terminal, and ends with what it ended with.
    const terminal = spawn('script', ['-qec', command, '/dev/null'], {
      env: { PATH: process.env['PATH'], TERM: 'xterm-256color', SHELL: '/bin/sh', TMPDIR: temporary },
    });
    let text = '';
    let isInterrupted = false;
    terminal.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece.replaceAll(ESCAPE, '␛');
      // Drawn several times, each time from its first line on, until a turn of a session that runs was counted.
      const draws = text.split(/␛\[\d+A\r␛\[0J/);
      if (isInterrupted || draws.length < 3 || !RUNNING.test(draws.at(-1) ?? '')) return;
      isInterrupted = true;
      terminal.stdin.write('\x03');
    });
    const code = await new Promise((resolve) => terminal.once('close', resolve));
    expect(code).toBe(130);
    expect(text).toMatch(/stopped, its data removed\r\n$/);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('refuses a pace that there is not', async () => {
    const { code, stderr } = await runTurnmeter(['demo', '--pace', 'warp']);
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are fast, calm, real.');
  });
});
