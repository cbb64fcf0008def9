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
    const { sessions, comparison } = JSON.parse(stdout) as {
      readonly sessions: readonly Session[];
      readonly comparison: {
        readonly session_id: string;
        readonly performance_comparison: { readonly verdict: string };
      };
    };
    expect(sessions).toHaveLength(25 + 6);
    const live = sessions.filter(({ workflow }) => workflow === 'writers-room');
    // The Planner once, then twice a Writer and a Critic; the one that is never content six times.
    expect(
      live
        .map(({ turn_count: turns, inferences, state }) => ({ turns, inferences, state }))
        .toSorted((a, b) => a.turns - b.turns),
    ).toEqual([
      ...Array.from({ length: 5 }, () => ({ turns: 5, inferences: 5, state: 'finalized' })),
      { turns: 13, inferences: 13, state: 'finalized' },
    ]);
    expect(live.map(({ agent_performance: agents }) => Object.keys(agents).toSorted())).toEqual(
      Array.from({ length: 6 }, () => ['Critic', 'Planner', 'Writer']),
    );
    expect(comparison.session_id).toMatch(/^writers-room-5-/);
    expect(comparison.performance_comparison.verdict).toBe('unusual');
  });

  it('says why the app failed', () => {
    const { status, stderr } = demo('--app', path.join(ROOT, 'examples/live-chats/no-such-file.ts'));
    expect(status).toBe(1);
    expect(stderr).toContain('no-such-file.ts ended with 1');
    expect(stderr).toContain('Cannot find module');
  });
});
