// Sends planned chats when their time has come, follows what the service counts, and finalizes each session after its end. Beside them
// may run an app whose chats happen now.

import { setTimeout as sleep } from 'node:timers/promises';
import type { AssessmentDocument } from '../../serve/documents/assessment-document.ts';
import type { SessionDocument } from '../../serve/documents/session-schema.ts';
import type { ApiClient } from '../client/api-client.ts';
import { sendTelemetry, type TelemetryTarget } from '../client/send-telemetry.ts';
import type { SessionsDocument } from '../commands/sessions.ts';
import { DEMO_QUIET_SECONDS, type DemoService } from './open-demo-service.ts';
import type { LiveApp, LiveChat } from './live-app.ts';
import type { ReplayedChat } from './replay-chat.ts';
import { requestsOf } from './requests.ts';

/** A chat of the demo: sent again, or happening now. */
export interface DemoChat {
  readonly sessionId: string;
  readonly workflow: string;
  readonly framework: string;
  readonly startMs: number;
  /** What a budget in the app did so far; undefined for recordings, which cannot be stopped any more. */
  readonly budget?: readonly BudgetNews[];
}

/** A budget in an app did something to one of its chats. */
export interface BudgetNews {
  /** notify, degrade, pause, resume, stop. */
  readonly action: string;
  readonly reason: string;
  readonly level: string;
  readonly spentUsd: number;
  readonly expectedUsd: number | undefined;
  readonly percentOfExpected: number | undefined;
}

/** A session of the demo, with what the service says about it so far. */
export interface PlayedSession {
  readonly chat: DemoChat;
  /** Undefined until something of it was counted. */
  readonly document: SessionDocument | undefined;
}

/** Where it is seen how the sessions go. */
export interface SessionsView {
  update(sessions: readonly PlayedSession[]): void;
}

export interface PlayOptions {
  readonly service: DemoService;
  readonly api: ApiClient;
  readonly view: SessionsView;
  /** Chats that happen now; more of them may come until it has ended. */
  readonly app: Pick<LiveApp, 'chats' | 'isRunning'> | undefined;
  readonly signal: AbortSignal;
}

/** Between two looks at what is due. */
const TICK_MS = 50;
/** Between two questions to the service. */
const ASK_EVERY_MS = 250;
/** After its last span a session waits for its traces to be quiet, and for what that books. */
const FINALIZE_AFTER_MS = DEMO_QUIET_SECONDS * 1000 + 1000;

/** @returns the sessions as they were finalized. */
export async function playSessions(
  chats: readonly ReplayedChat[],
  { service, api, view, app, signal }: PlayOptions,
): Promise<readonly PlayedSession[]> {
  const target: TelemetryTarget = { url: service.otlpUrl, headers: api.headers, signal };
  const replays = chats.map((chat) => new Replay(chat, target));
  const live = new Map<LiveChat, Finalizing>();
  const from = new Date(Math.min(...chats.map(({ startMs }) => startMs)) - 1000).toISOString();
  let askedAt = 0;
  for (;;) {
    const isAppOver = app?.isRunning !== true;
    for (const chat of app?.chats ?? []) if (!live.has(chat)) live.set(chat, new Finalizing(chat));
    const players = [...replays, ...live.values()];
    for (const replay of replays) await replay.sendDue();
    for (const player of players.filter((one) => one.isToFinalize)) {
      await service.flush();
      await player.finalize(api);
    }
    const isOver = isAppOver && players.every(({ isFinalized }) => isFinalized);
    if (isOver || Date.now() - askedAt >= ASK_EVERY_MS) {
      askedAt = Date.now();
      const sessions = await follow(players, api, from);
      view.update(sessions);
      if (isOver) return sessions;
    }
    await sleep(TICK_MS, undefined, { signal });
  }
}

async function follow(players: readonly Finalizing[], api: ApiClient, from: string): Promise<readonly PlayedSession[]> {
  const { sessions } = await api.get<SessionsDocument>('api/v1/sessions', { from, limit: 1000 });
  const byId = new Map(sessions.map((session) => [session.session_id, session]));
  return players.map(({ chat }) => ({ chat, document: byId.get(chat.sessionId) }));
}

/** Finalizes a chat's session when it is over. */
class Finalizing {
  readonly chat: DemoChat & { readonly endMs: number | undefined };
  #isFinalized = false;

  constructor(chat: DemoChat & { readonly endMs: number | undefined }) {
    this.chat = chat;
  }

  get isFinalized(): boolean {
    return this.#isFinalized;
  }

  get isToFinalize(): boolean {
    const { endMs } = this.chat;
    return !this.#isFinalized && endMs !== undefined && Date.now() >= endMs + FINALIZE_AFTER_MS;
  }

  async finalize(api: ApiClient): Promise<void> {
    await api.post<AssessmentDocument>(`api/v1/sessions/${encodeURIComponent(this.chat.sessionId)}/finalize`);
    this.#isFinalized = true;
  }
}

/** Sends a recorded chat, each span when it ends. */
class Replay extends Finalizing {
  readonly #spans: ReplayedChat['spans'];
  readonly #target: TelemetryTarget;
  #sent = 0;

  constructor(chat: ReplayedChat, target: TelemetryTarget) {
    super(chat);
    this.#spans = chat.spans;
    this.#target = target;
  }

  override get isToFinalize(): boolean {
    return super.isToFinalize && this.#sent === this.#spans.length;
  }

  async sendDue(): Promise<void> {
    const nowMs = Date.now();
    let end = this.#sent;
    while ((this.#spans[end]?.endMs ?? Infinity) <= nowMs) end++;
    const due = this.#spans.slice(this.#sent, end);
    this.#sent = end;
    for (const body of requestsOf(due)) await sendTelemetry(body, this.#target);
  }
}
