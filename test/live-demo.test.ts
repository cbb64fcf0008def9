import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './repository.ts';

const MAIN = path.join(ROOT, 'packages/aggregator/src/main.ts');
const FREE_PORTS = ['--otlp-port', '0', '--grpc-port', '0', '--http-port', '0'];

interface Session {
  readonly session_id: string;
  readonly workflow: string;
  readonly state: string;
  readonly turn_count: number;
  readonly inferences: number;
  readonly handoff_count?: number;
  readonly agent_performance: Readonly<Record<string, unknown>>;
}

interface Budget {
  readonly session_id: string;
  readonly session_id_without: string;
  readonly cost_usd: number;
  readonly cost_usd_without: number;
  readonly actions: readonly {
    readonly action: string;
    readonly spent_usd: number;
    readonly percent_of_expected: number;
  }[];
}

function demo(...args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  return spawnSync(process.execPath, [MAIN, 'demo', '--once', '--json', ...FREE_PORTS, ...args], {
    encoding: 'utf8',
    timeout: 100_000,
  });
}

describe('npm run demo', () => {
  it('counts live chats of an app beside the recordings, and finds the one that does not end well', () => {
    const { status, stdout, stderr } = demo('--app', path.join(ROOT, 'examples/live-chats/main.ts'));
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { sessions, comparison, budget } = JSON.parse(stdout) as {
      readonly sessions: readonly Session[];
      readonly comparison: {
        readonly session_id: string;
        readonly performance_comparison: { readonly verdict: string };
      };
      readonly budget: Budget;
    };
    expect(sessions).toHaveLength(25 + 7);
    const live = sessions.filter(({ workflow }) => workflow === 'writers-room');
    // The Planner once, then twice a Writer and a Critic; in the one that has no end eight times.
    const free = live.filter(({ session_id: id }) => id !== budget.session_id);
    expect(
      free
        .map(({ turn_count: turns, inferences, state }) => ({ turns, inferences, state }))
        .toSorted((a, b) => a.turns - b.turns),
    ).toEqual([
      ...Array.from({ length: 5 }, () => ({ turns: 5, inferences: 5, state: 'finalized' })),
      { turns: 17, inferences: 17, state: 'finalized' },
    ]);
    expect(live.map(({ agent_performance: agents }) => Object.keys(agents).toSorted())).toEqual(
      Array.from({ length: 7 }, () => ['Critic', 'Planner', 'Writer']),
    );
    expect(comparison.session_id).toMatch(/^writers-room-6-/);
    expect(comparison.performance_comparison.verdict).toBe('unusual');

    // The same chat with a budget: warned, made cheaper, paused, let go on, and stopped before it cost 150 % of what it should.
    expect(budget.session_id).toMatch(/^writers-room-7-/);
    expect(budget.session_id_without).toBe(comparison.session_id);
    expect([...new Set(budget.actions.map(({ action }) => action))]).toEqual([
      'notify',
      'degrade',
      'pause',
      'resume',
      'stop',
    ]);
    const shares = budget.actions.map(({ percent_of_expected: percent }) => percent);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThan(150);
    // The guard in the app and the service have counted the same.
    expect(budget.cost_usd).toBeCloseTo(budget.actions.at(-1)?.spent_usd ?? 0, 9);
    expect(budget.cost_usd_without).toBeGreaterThan(budget.cost_usd * 1.3);
  });

  it('prints what a budget did to that chat, and what it would have cost, without colors in a pipe', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [MAIN, 'demo', '--once', ...FREE_PORTS, '--app', path.join(ROOT, 'examples/live-chats/main.ts')],
      { encoding: 'utf8', timeout: 100_000 },
    );
    expect(status).toBe(0);
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toMatch(/^budget +writers-room-7-\w+ +stopped +\$0\.00\d+ {2}1\d\d % of the expected \$0\.0013$/m);
    const section = stdout.slice(stdout.indexOf('Can it be stopped in time?'), stdout.indexOf('Why does a span count'));
    for (const word of ['warned', 'degraded', 'paused', 'resumed', 'stopped'])
      expect(section).toMatch(new RegExp(`^${word}`, 'm'));
    expect(section).toMatch(
      /It cost \$0\.00\d+\. Without a budget it would have cost \$0\.00\d+, \d+(\.\d)? times as much/,
    );
  });

  it('says why the app failed', () => {
    const { status, stderr } = demo('--app', path.join(ROOT, 'examples/live-chats/no-such-file.ts'));
    expect(status).toBe(1);
    expect(stderr).toContain('no-such-file.ts ended with 1');
    expect(stderr).toContain('Cannot find module');
  });
});
