// Which recorded chats become which sessions, and when each of them begins.

import { type RecordedChat, readRecordings } from './recordings.ts';
import { replayChat, type ReplayedChat } from './replay-chat.ts';

/** How many times slower than recorded: a scripted model answers in milliseconds, a real one takes seconds. */
const STRETCHES: Readonly<Record<string, number>> = { fast: 8, calm: 24, real: 80 };

export interface DemoPlan {
  /** In the order in which they begin. */
  readonly sessions: readonly ReplayedChat[];
  /** Id of the session that goes round in circles. */
  readonly unusual: string;
  readonly stretch: number;
}

/** Between two sessions that begin, as recorded. */
const GAP_MS = 50;
/** The chat that is sent several times as one session: what agents that do not come to an end look like. */
const LOOPING = { file: 'strands-native-chat', session: 'sess-b', times: 4, behind: 4 } as const;

/** `mark` makes the session ids of this run its own. */
export function planSessions({ pace, mark, nowMs }: { pace: string; mark: string; nowMs: number }): DemoPlan {
  const stretch = STRETCHES[pace] ?? 1;
  const recordings = readRecordings();
  // Every framework's first chat, then every one's second: different ones run at the same time.
  const inTurn = recordings.toSorted((a, b) => (a.session < b.session ? -1 : a.session > b.session ? 1 : 0));
  const looping = recordings.find(({ file, session }) => file === LOOPING.file && session === LOOPING.session);
  const planned = inTurn.map((chat, at) => {
    const startMs = nowMs + (at + (at < LOOPING.behind ? 0 : 1)) * GAP_MS * stretch;
    return replayChat(chat, { sessionId: idOf(chat, mark), startMs, stretch });
  });
  const unusual = `${looping?.name}-loop-${mark}`;
  const startMs = nowMs + LOOPING.behind * GAP_MS * stretch;
  const loop = looping === undefined ? [] : [repeatChat(looping, { sessionId: unusual, startMs, stretch })];
  return { sessions: planned.toSpliced(LOOPING.behind, 0, ...loop), unusual, stretch };
}

/** `sess-a` of Mastra → `mastra-a-3f9c` */
function idOf({ name, session }: RecordedChat, mark: string): string {
  return `${name}-${session.slice(-1)}-${mark}`;
}

/** The same chat several times, one behind the other, as one session. */
function repeatChat(chat: RecordedChat, options: Parameters<typeof replayChat>[1]): ReplayedChat {
  const first = replayChat(chat, options);
  const lengthMs = first.endMs - first.startMs;
  const others = Array.from({ length: LOOPING.times - 1 }, (_, at) =>
    replayChat(chat, { ...options, startMs: options.startMs + (at + 1) * lengthMs }),
  );
  return {
    ...first,
    endMs: others.at(-1)?.endMs ?? first.endMs,
    spans: [first, ...others].flatMap(({ spans }) => spans),
  };
}

/** How often the chat of the unusual session was sent. */
export const LOOP_TIMES: number = LOOPING.times;
