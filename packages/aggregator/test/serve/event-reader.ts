// Reads a stream of server-sent events as a client does: by bytes, in pieces of any size.

export interface ReceivedEvent {
  readonly event: string;
  readonly id: string | undefined;
  // Tests look into documents of every kind.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
}

export interface EventReader {
  readonly status: number;
  readonly headers: Headers;
  /** Everything that has come, comments too. */
  readonly text: () => string;
  readonly events: () => readonly ReceivedEvent[];
  /** Waits for an event that has not been waited for before. */
  next(isWanted: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>;
  /** Resolves when the stream has ended, from whichever side. */
  readonly ended: Promise<void>;
  close(): void;
}

const PATIENCE_MS = 20_000;

export async function readEvents(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
  const controller = new AbortController();
  const answer = await fetch(url, { headers, signal: controller.signal });
  let text = '';
  let seen = 0;
  const waiting = new Set<() => void>();
  const ended = readAll(answer, (piece) => {
    text += piece;
    for (const look of waiting) look();
  }).finally(() => {
    for (const look of waiting) look();
  });
  const events = (): readonly ReceivedEvent[] => text.split('\n\n').slice(0, -1).flatMap(eventOf);
  return {
    status: answer.status,
    headers: answer.headers,
    text: () => text,
    events,
    ended,
    close: () => controller.abort(),
    next: (isWanted) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          waiting.delete(look);
          clearTimeout(timer);
          settle();
        };
        const look = (): void => {
          const at = events().findIndex((event, place) => place >= seen && isWanted(event));
          const found = events()[at];
          if (found === undefined) return;
          seen = at + 1;
          finish(() => resolve(found));
        };
        const timer = setTimeout(
          () => finish(() => reject(new Error(`no such event came, but:\n${text}`))),
          PATIENCE_MS,
        );
        waiting.add(look);
        look();
      }),
  };
}

async function readAll(answer: Response, add: (piece: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for await (const bytes of answer.body ?? []) add(decoder.decode(bytes, { stream: true }));
  } catch {
    // Cut off, by the service or by the test.
  }
}

function eventOf(block: string): readonly ReceivedEvent[] {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  return [{ event: fields.get('event') ?? 'message', id: fields.get('id'), data: JSON.parse(data) }];
}
