// An app that runs beside the demo, in a process of its own, and sends its telemetry to it. It says on standard output, a line of JSON each,
// which chats begin and end, and what their budgets did: {"event":"started","session":"…","workflow":"…","is_unusual":false},
// {"event":"budget","session":"…","action":"degrade",…}, {"event":"ended","session":"…"}.

import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { VARIABLE_PREFIX } from '../../config/settings.ts';
import { CommandError } from '../command-error.ts';
import type { BudgetNews, DemoChat } from './play-sessions.ts';

/** A chat that happens now. */
export interface LiveChat extends DemoChat {
  /** Undefined until it has ended. */
  endMs: number | undefined;
  /** The app made it misbehave. */
  readonly isUnusual: boolean;
  /** The same chat without a budget; undefined for a chat that was not held for comparison. */
  readonly twin: string | undefined;
  /** What its budget did, in order. */
  readonly budget: BudgetNews[];
}

export interface LiveAppOptions {
  /** The app's file. */
  readonly file: string;
  readonly otlpUrl: string;
  /** Makes the session ids of this run its own. */
  readonly mark: string;
  /** How many times slower than a scripted model. */
  readonly stretch: number;
  readonly signal: AbortSignal;
}

export class LiveApp {
  readonly chats: LiveChat[] = [];
  readonly #child: ChildProcess;
  #isRunning = true;
  #failure: Error | undefined;
  #stderr = '';

  constructor({ file, otlpUrl, mark, stretch, signal }: LiveAppOptions) {
    const folder = path.dirname(path.resolve(file));
    this.#child = spawn(process.execPath, ['--import', '@turnmeter/instrumentation/register', path.resolve(file)], {
      cwd: folder,
      env: {
        ...withoutSettings(process.env),
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
        TURNMETER_DEMO_MARK: mark,
        TURNMETER_DEMO_STRETCH: `${stretch}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    if (this.#child.stdout !== null) createInterface(this.#child.stdout).on('line', (line) => this.#hear(line));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS_MAX);
    });
    this.#child.once('error', (error) => {
      this.#failure ??= error;
      this.#isRunning = false;
    });
    this.#child.once('close', (code) => {
      if (code !== 0) this.#failure ??= new CommandError(`${file} ended with ${code}: ${this.#stderr.trim()}`);
      this.#isRunning = false;
    });
  }

  /** @throws CommandError where the app could not be run, or failed. */
  get isRunning(): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#isRunning;
  }

  #hear(line: string): void {
    const said = Announcement.safeParse(parsed(line));
    if (!said.success) return;
    const { event, session } = said.data;
    const chat = this.chats.find(({ sessionId }) => sessionId === session);
    if (event === 'ended') {
      if (chat !== undefined) chat.endMs = Date.now();
      return;
    }
    if (event === 'budget') {
      chat?.budget.push(newsOf(said.data));
      return;
    }
    this.chats.push({
      sessionId: session,
      workflow: said.data.workflow,
      framework: 'hand-written',
      startMs: Date.now(),
      endMs: undefined,
      isUnusual: said.data.is_unusual,
      twin: said.data.twin,
      budget: [],
    });
  }
}

const BudgetAnnouncement = z.object({
  event: z.literal('budget'),
  session: z.string(),
  action: z.string(),
  reason: z.string(),
  level: z.string(),
  spent_usd: z.number(),
  expected_usd: z.number().optional(),
  percent_of_expected: z.number().optional(),
});

const Announcement = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('started'),
    session: z.string(),
    workflow: z.string(),
    is_unusual: z.boolean().default(false),
    twin: z.string().optional(),
  }),
  BudgetAnnouncement,
  z.object({ event: z.literal('ended'), session: z.string() }),
]);

function newsOf(said: z.output<typeof BudgetAnnouncement>): BudgetNews {
  return {
    action: said.action,
    reason: said.reason,
    level: said.level,
    spentUsd: said.spent_usd,
    expectedUsd: said.expected_usd,
    percentOfExpected: said.percent_of_expected,
  };
}

/** Settings of a real service, and budgets of a real app, are none of the demo's. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(VARIABLE_PREFIX)));
}

const STDERR_CHARS_MAX = 2000;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // The app may write what it likes.
    return undefined;
  }
}
