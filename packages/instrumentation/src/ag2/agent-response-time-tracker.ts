import { Sample, type Statistics } from './statistics.ts';

/** How fast one agent answers, in milliseconds. */
export interface AgentResponseTimes {
  /** From the begin of a reply to its message, also one that asks for tools: what AG2's pair of hooks measures. */
  readonly replies: Statistics;
  /** From the first reply of a turn to its last message, tools in between included. */
  readonly turns: Statistics;
  /** Turns that began and never ended; their time is in neither of the above. */
  readonly abandoned: number;
}

/** How fast all agents answer, in milliseconds. */
export interface ResponseTimes {
  readonly agents: Readonly<Record<string, AgentResponseTimes>>;
  /** From one speaker's message to the begin of the next one's reply: what choosing the speaker takes. */
  readonly selection: Statistics;
  /** Messages before which no reply had begun: a first message, an introduction. */
  readonly unmatchedMessages: number;
}

/** Stands for one reply that has begun. */
export interface ResponseToken {
  readonly agent: string;
}

/**
 * Measures how long agents take to reply. Fed by the hooks of {@link createResponseTrackingHooks}, or by hand:
 *
 * @example
 * ```ts
 * const token = tracker.startResponse('Writer');
 * const reply = await writer.reply(messages);
 * tracker.endResponse(token);
 * ```
 */
export class AgentResponseTimeTracker {
  readonly #agents = new Map<string, AgentSamples>();
  readonly #selection = new Sample();
  readonly #open = new Map<ResponseToken, number>();
  readonly #nowMs: () => number;
  #unmatched = 0;

  /** `nowMs` is a clock in milliseconds that does not jump. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** A reply begins. Keep the token: two replies of one agent may be under way. */
  startResponse(agent: string): ResponseToken {
    const token = Object.freeze({ agent });
    this.#open.set(token, this.#nowMs());
    if (this.#open.size > OPEN_MAX) this.#abandonOldest();
    return token;
  }

  /** A reply ends; what people took of its time is not the agent's. @returns its time, undefined where it had ended before. */
  endResponse(token: ResponseToken, { humanWaitMs = 0 }: { readonly humanWaitMs?: number } = {}): number | undefined {
    const startMs = this.#open.get(token);
    if (startMs === undefined || !this.#open.delete(token)) return undefined;
    const durationMs = Math.max(0, this.#nowMs() - startMs - humanWaitMs);
    this.trackReply(token.agent, durationMs);
    this.trackTurn(token.agent, durationMs);
    return durationMs;
  }

  /** A reply will not end: it failed. */
  abandonResponse(token: ResponseToken): void {
    if (this.#open.delete(token)) this.trackAbandoned(token.agent);
  }

  /** The time of one reply. */
  trackReply(agent: string, durationMs: number): void {
    this.#agent(agent).replies.add(durationMs);
  }

  /** The time of one turn. */
  trackTurn(agent: string, durationMs: number): void {
    this.#agent(agent).turns.add(durationMs);
  }

  /** A turn that never ended. */
  trackAbandoned(agent: string): void {
    this.#agent(agent).abandoned++;
  }

  /** The time between two speakers. */
  trackSelection(durationMs: number): void {
    this.#selection.add(durationMs);
  }

  /** A message before which no reply had begun. */
  trackUnmatchedMessage(): void {
    this.#unmatched++;
  }

  /** All that was measured. */
  responseTimes(): ResponseTimes {
    const agents = Object.create(null) as Record<string, AgentResponseTimes>;
    for (const [name, { replies, turns, abandoned }] of this.#agents) {
      agents[name] = { replies: replies.statistics(), turns: turns.statistics(), abandoned };
    }
    return { agents, selection: this.#selection.statistics(), unmatchedMessages: this.#unmatched };
  }

  #agent(agent: string): AgentSamples {
    const name = this.#agents.has(agent) || this.#agents.size < AGENTS_MAX ? agent : OTHER;
    let samples = this.#agents.get(name);
    if (samples === undefined) {
      samples = { replies: new Sample(), turns: new Sample(), abandoned: 0 };
      this.#agents.set(name, samples);
    }
    return samples;
  }

  #abandonOldest(): void {
    for (const token of this.#open.keys()) {
      this.abandonResponse(token);
      return;
    }
  }
}

interface AgentSamples {
  readonly replies: Sample;
  readonly turns: Sample;
  abandoned: number;
}

/** As many as a session keeps apart. */
const AGENTS_MAX = 100;
const OTHER = '(other)';
/** Replies that failed and were never told of must not fill memory. */
const OPEN_MAX = 10_000;
