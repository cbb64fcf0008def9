// GET /sessions/{id}/events, GET /events: sessions as they run.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { figuresOf, type SessionNews } from '../../control/session-watch.ts';
import type { SessionCost } from '../../query/session-costs.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { nameBody } from '../bodies.ts';
import { callerOf, tenantAsking } from '../callers.ts';
import {
  type ReadyEventDocument,
  SessionEvent,
  sessionStatusSchema,
  type SessionStatusDocument,
} from '../documents/session-event.ts';
import { sessionStatus, stopEvent } from '../documents/session-status.ts';
import type { EventStream } from '../event-streams.ts';
import { Gate } from '../gate.ts';
import { nameParameter, noParameters } from '../parameters.ts';
import { answersOf } from '../responses.ts';

/** Streams for people and their screens; each tenant with one costs a question to the database twice a second. */
const STREAMS_MAX = 160;
const STREAMS_MAX_EACH = 40;
/** How far back a client that was cut off hears of what was finalized meanwhile, µs. */
const MISSED_US_MAX = 3600e6;
/** What a stream may have to send before it has told what runs; more is of no use to anybody. */
const WAITING_MAX = 5000;

const DESCRIPTION =
  'Server-sent events, data is JSON: session (figures moved), finalized, guard (a guard did something), stop, release. It begins with a session event for each session that runs, then ready. Figures come at most a few times a second. With Last-Event-ID it also tells what was finalized since.';

export function addSessionEventRoutes(api: Api, context: ApiContext): void {
  const gate = new Gate({ name: 'streams', max: STREAMS_MAX, maxEach: STREAMS_MAX_EACH });
  const statuses: Statuses = new WeakMap();
  const response = answersOf({
    description: 'Events without end.',
    content: { 'text/event-stream': { schema: sessionStatusSchema } },
  });
  api.route({
    method: 'GET',
    url: '/sessions/:id/events',
    schema: {
      operationId: 'streamSession',
      tags: ['cost control'],
      summary: 'One session as it runs',
      description: DESCRIPTION,
      params: z.object({
        id: nameBody('the id of a session').describe('The session, percent-encoded; it may begin later.'),
      }),
      querystring: noParameters,
      response,
    },
    handler: (request, reply) => {
      const watched = { sessionId: request.params.id, workflow: undefined };
      return new WatchedSessions(context, { request, reply, gate, statuses, watched }).begin();
    },
  });
  api.route({
    method: 'GET',
    url: '/events',
    schema: {
      operationId: 'streamSessions',
      tags: ['cost control'],
      summary: 'All sessions, or those of a workflow, as they run',
      description: DESCRIPTION,
      querystring: z.strictObject({ workflow: nameParameter('Sessions of this workflow.') }),
      response,
    },
    handler: (request, reply) => {
      const watched = { sessionId: undefined, workflow: request.query.workflow };
      return new WatchedSessions(context, { request, reply, gate, statuses, watched }).begin();
    },
  });
}

/** What all who hear of the same figures are told. */
type Statuses = WeakMap<SessionCost, Promise<SessionStatusDocument>>;

interface Watching {
  readonly statuses: Statuses;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly gate: Gate;
  readonly watched: { readonly sessionId: string | undefined; readonly workflow: string | undefined };
}

/** One stream: what it is about, and what it has told. */
class WatchedSessions {
  readonly #context: ApiContext;
  readonly #watching: Watching;
  readonly #tenant: string;
  readonly #stream: EventStream;
  /** Events are sent in the order in which they came, though looking one up takes longer than another. */
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Figures of finalized sessions that the stream began with, by id: they may come once more, as news that others wait for. */
  readonly #begunWith = new Map<string, string>();

  constructor(context: ApiContext, watching: Watching) {
    const { request, reply, gate } = watching;
    this.#context = context;
    this.#watching = watching;
    this.#tenant = tenantAsking(request);
    this.#stream = context.streams.open(request, reply, { gate, isAllowed: callerOf(request).isStillKnown });
  }

  begin(): FastifyReply {
    const { control } = this.#context;
    // Before it is asked what runs, so that nothing falls between.
    const enqueue = (news: SessionNews): void => this.#enqueue(() => this.#tell(news));
    this.#enqueue(() => this.#tellAll());
    this.#stream.onEnd(control.sessionNews.subscribe(this.#tenant, enqueue));
    return this.#watching.reply;
  }

  #enqueue(task: () => Promise<void>): void {
    if (this.#waiting >= WAITING_MAX) return;
    this.#waiting++;
    this.#last = this.#last
      .then(() => (this.#stream.isOver ? undefined : task()))
      // The next figures come soon; a client that needs these asks for the session.
      .catch((error: unknown) => this.#stream.fail(error))
      .finally(() => this.#waiting--);
  }

  async #tellAll(): Promise<void> {
    const { control } = this.#context;
    const sinceUs = this.#missedSinceUs();
    const finalized = sinceUs === undefined ? [] : await control.watch.finalizedSince(this.#tenant, sinceUs);
    for (const cost of finalized) await this.#tellEnd(cost);
    const running = (await this.#running()).filter((cost) => this.#isAbout(cost.sessionId, cost.workflow));
    for (const cost of running) await this.#tell({ is: 'moved', cost });
    const ready: ReadyEventDocument = { sessions: running.length };
    this.#send(SessionEvent.READY, ready);
  }

  async #running(): Promise<readonly SessionCost[]> {
    const { control, queries } = this.#context;
    const { sessionId } = this.#watching.watched;
    if (sessionId === undefined) return control.watch.running(this.#tenant);
    const [costs, session] = await Promise.all([
      queries.sessionCosts(this.#tenant, [sessionId]),
      queries.session(this.#tenant, sessionId),
    ]);
    const cost = costs.get(sessionId);
    if (cost === undefined) return [];
    if (session?.finalization === undefined) return [cost];
    await this.#tellEnd(cost);
    return [];
  }

  async #tellEnd(cost: SessionCost): Promise<void> {
    await this.#tell({ is: 'finalized', cost });
    this.#begunWith.set(cost.sessionId, figuresOf(cost));
  }

  async #tell(news: SessionNews): Promise<void> {
    switch (news.is) {
      case 'moved':
        return this.#tellStatus(SessionEvent.SESSION, news.cost, 'running');
      case 'finalized':
        if (this.#begunWith.get(news.cost.sessionId) === figuresOf(news.cost)) return;
        return this.#tellStatus(SessionEvent.FINALIZED, news.cost, 'finalized');
      case 'guard': {
        const { session_id, workflow } = news.action;
        if (this.#isAbout(session_id, workflow)) this.#send(SessionEvent.GUARD, news.action);
        return;
      }
      case 'stop':
      case 'release': {
        const event = stopEvent(news);
        if (this.#isAbout(event.session_id, event.workflow)) this.#send(news.is, event);
      }
    }
  }

  async #tellStatus(event: SessionEvent, cost: SessionCost, state: SessionStatusDocument['state']): Promise<void> {
    if (!this.#isAbout(cost.sessionId, cost.workflow)) return;
    const { statuses } = this.#watching;
    const known = statuses.get(cost);
    const status = known ?? sessionStatus(this.#context.control, this.#tenant, { cost, state });
    if (known === undefined) statuses.set(cost, status);
    this.#send(event, await status);
  }

  /** A stop of a whole workflow is about each of its sessions; whose session it is, is for its reader to know. */
  #isAbout(sessionId: string | null, workflow: string | null): boolean {
    const { watched } = this.#watching;
    if (watched.sessionId !== undefined) return sessionId === null || sessionId === watched.sessionId;
    return watched.workflow === undefined || workflow === null || workflow === watched.workflow;
  }

  #send(event: SessionEvent, data: object): void {
    this.#stream.send({ event, data, id: `${Math.floor(this.#context.nowUs() / 1000)}` });
  }

  /** Ids are times, so that they mean something to every aggregator, also to one that was started since. */
  #missedSinceUs(): number | undefined {
    const id = this.#watching.request.headers['last-event-id'];
    const ms = typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
    if (ms === undefined) return undefined;
    return Math.max(ms * 1000, this.#context.nowUs() - MISSED_US_MAX);
  }
}
