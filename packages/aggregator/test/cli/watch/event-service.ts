// A service as far as `turnmeter watch` sees it, which tells what a test says, when it says so.

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SessionStatusDocument } from '../../../src/serve/documents/session-event.ts';

export interface EventService {
  readonly url: string;
  /** Requests so far: `GET /api/v1/events?workflow=support`. */
  readonly requests: readonly string[];
  /** Answers of paths that are no stream, by path. */
  readonly documents: Map<string, unknown>;
  /** Sends to all who listen now. */
  tell(event: string, data: object): void;
  /** What everybody hears who begins to listen. */
  atFirst: readonly (readonly [event: string, data: object])[];
  /** Whether there is a stream. */
  hasEvents: boolean;
  /** Cuts all connections. */
  cut(): void;
  /** Resolves when so many listen. */
  listeners(count: number): Promise<void>;
  stop(): Promise<void>;
}

export async function runEventService(): Promise<EventService> {
  const requests: string[] = [];
  const open = new Set<ServerResponse>();
  const write = (response: ServerResponse, event: string, data: object): void => {
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const document = service.documents.get(pathname);
    if (pathname === '/api/v1/events' && service.hasEvents) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      for (const [event, data] of service.atFirst) write(response, event, data);
      open.add(response);
      response.once('close', () => open.delete(response));
    } else if (document === undefined) {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: 'path_unknown', detail: `There is nothing at ${pathname}.` }));
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: EventService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    documents: new Map(),
    atFirst: [['ready', { sessions: 0 }]],
    hasEvents: true,
    tell: (event, data) => {
      for (const response of open) write(response, event, data);
    },
    cut: () => server.closeAllConnections(),
    listeners: async (count) => {
      while (open.size < count) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

/** A session that has cost as many percent of its expected dime. */
export function sessionAt(percent: number, changes: Partial<SessionStatusDocument> = {}): SessionStatusDocument {
  const level = percent >= 150 ? 'stop' : percent >= 90 ? 'critical' : percent >= 75 ? 'warning' : 'ok';
  return {
    session_id: 's-1',
    workflow: 'support',
    state: 'running',
    cost: { usd: percent / 1000, nano_usd: `${percent * 1e6}` },
    tokens: percent * 100,
    turns: Math.round(percent / 10),
    inferences: 4,
    errors: 0,
    began_at: '2026-11-23T12:00:00.000Z',
    last_at: '2026-11-23T12:01:00.000Z',
    status: 'within_limits',
    level,
    expected_cost: 0.1,
    percent_of_expected: percent,
    projected_cost: { low: 0.09, mid: 0.12, high: 0.2 },
    confidence: 'fair',
    binding_limit: null,
    is_stopped: false,
    ...changes,
  };
}
