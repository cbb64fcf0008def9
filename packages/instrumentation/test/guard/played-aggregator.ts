import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GuardSessionAnswer, GuardSyncAnswer, GuardSyncRequest } from '@turnmeter/budget';

/** An aggregator of which a test says what it answers: the edge of the process, over a real socket. */
export interface PlayedAggregator {
  readonly url: string;
  /** What guards told, in order. */
  readonly told: readonly GuardSyncRequest[];
  /** What every answer says; of a session what `session` makes of it. */
  answer: Partial<GuardSyncAnswer>;
  session: (session: GuardSyncRequest['sessions'][number]) => Partial<GuardSessionAnswer>;
  /** Status of answers. */
  status: number;
  /** Before an answer, in milliseconds. */
  delayMs: number;
  send(event: string, data: unknown): void;
  /** Has no events for anybody. */
  isSilent: boolean;
  readonly listeners: number;
  close(): Promise<void>;
}

export async function playAggregator(port = 0): Promise<PlayedAggregator> {
  const told: GuardSyncRequest[] = [];
  const streams = new Set<ServerResponse>();
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.url === '/api/v1/guard/events' && played.isSilent) {
        response.writeHead(429).end();
        return;
      }
      if (request.url === '/api/v1/guard/events') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(':\n\n');
        streams.add(response);
        response.on('close', () => streams.delete(response));
        return;
      }
      const body = JSON.parse(Buffer.concat(parts).toString()) as GuardSyncRequest;
      told.push(body);
      setTimeout(() => {
        response.writeHead(played.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answerTo(body, played)));
      }, played.delayMs);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const played: PlayedAggregator = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    answer: {},
    session: () => ({}),
    status: 200,
    delayMs: 0,
    isSilent: false,
    send: (event, data) => {
      for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    get listeners() {
      return streams.size;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  return played;
}

function answerTo({ sessions }: GuardSyncRequest, { answer, session }: PlayedAggregator): GuardSyncAnswer {
  return {
    policy_version: 1,
    policies: [],
    baselines: [],
    stopped_workflows: [],
    next_sync_ms: 250,
    ...answer,
    sessions: sessions.map((each) => ({
      session_id: each.session_id,
      counted_nano_usd: 0,
      counted_tokens: 0,
      elsewhere_nano_usd: 0,
      elsewhere_tokens: 0,
      elsewhere_reserved_nano_usd: 0,
      elsewhere_reserved_tokens: 0,
      leased_nano_usd: null,
      leased_tokens: null,
      lease_expires_at: null,
      stop: null,
      ...session(each),
    })),
  };
}
