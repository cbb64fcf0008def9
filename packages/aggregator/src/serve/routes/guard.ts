// POST /guard/sync, GET /guard/events: what guards in apps ask for. An app has a key to send with; it is let in with that.

import { GuardEvent } from '@turnmeter/budget';
import { StopKind } from '@turnmeter/control-store';
import { z } from 'zod';
import type { GuardNews } from '../../control/control.ts';
import { stopOrder } from '../../control/guard-board.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { callerOf, tenantAsking } from '../callers.ts';
import { guardSyncBody, guardSyncSchema } from '../documents/guard-sync-document.ts';
import type { ServerEvent } from '../event-streams.ts';
import { Gate } from '../gate.ts';
import { noParameters } from '../parameters.ts';
import { answers, answersOf } from '../responses.ts';

const BODY_BYTES_MAX = 2 * 1024 * 1024;
/** Streams of guards; a guard without one is told by its next sync. Connections are bounded too, and others have to have some. */
const STREAMS_MAX = 640;
const STREAMS_MAX_EACH = 400;

export function addGuardSyncRoute(api: Api, { control, nowUs }: ApiContext): void {
  api.route({
    method: 'POST',
    url: '/guard/sync',
    bodyLimit: BODY_BYTES_MAX,
    schema: {
      operationId: 'syncGuard',
      tags: ['cost control'],
      summary: 'A guard tells what runs in its process, and hears what it has to know',
      description: 'Policies, baselines, what others spent, leases and stops. Keys with the scope ingest may ask.',
      querystring: noParameters,
      body: guardSyncBody,
      response: answers({ description: 'What the guard has to know.', schema: guardSyncSchema }),
    },
    handler: (request) => control.sync(tenantAsking(request), request.body, nowUs() / 1000),
  });
}

export function addGuardEventsRoute(api: Api, { control, streams }: ApiContext): void {
  const gate = new Gate({ name: 'streams of guards', max: STREAMS_MAX, maxEach: STREAMS_MAX_EACH });
  api.route({
    method: 'GET',
    url: '/guard/events',
    schema: {
      operationId: 'streamGuardEvents',
      tags: ['cost control'],
      summary: 'Stops, releases and changes of policies, as they happen',
      description:
        'Server-sent events: stop_session, stop_workflow, release, policies. It begins with the version of the policies and all that is stopped. Keys with the scope ingest may listen.',
      querystring: noParameters,
      response: answersOf({
        description: 'Events without end.',
        content: { 'text/event-stream': { schema: z.string() } },
      }),
    },
    handler: async (request, reply) => {
      const tenant = tenantAsking(request);
      // Before the stream is open, so that an answer can still say what is wrong.
      const { version } = await control.policies.of(tenant);
      const stream = streams.open(request, reply, { gate, isAllowed: callerOf(request).isStillKnown });
      stream.send({ event: GuardEvent.POLICIES, data: { policy_version: version } });
      for (const stop of control.stops.list(tenant)) stream.send(eventOf({ is: 'stop', stop }, version));
      const unsubscribe = control.guardNews.subscribe(tenant, (news) => {
        if (news.is !== 'policies') stream.send(eventOf(news));
        else void control.policies.of(tenant).then((now) => stream.send(eventOf(news, now.version)), ignored);
      });
      stream.onEnd(unsubscribe);
      return reply;
    },
  });
}

/** A guard that missed an event learns it by its next sync. */
function ignored(): void {}

function eventOf(news: GuardNews, policyVersion: number = 0): ServerEvent {
  switch (news.is) {
    case 'policies':
      return { event: GuardEvent.POLICIES, data: { policy_version: policyVersion } };
    case 'stop': {
      const { kind, target } = news.stop;
      return kind === StopKind.SESSION
        ? { event: GuardEvent.STOP_SESSION, data: { session_id: target, ...stopOrder(news.stop) } }
        : { event: GuardEvent.STOP_WORKFLOW, data: { workflow: target, ...stopOrder(news.stop) } };
    }
    case 'release': {
      const { kind, target } = news;
      return {
        event: GuardEvent.RELEASE,
        data: kind === StopKind.SESSION ? { session_id: target } : { workflow: target },
      };
    }
  }
}
