// GET, POST /alerts, GET /alerts/firing, GET, PUT, DELETE /alerts/{id}, POST /alerts/{id}/test, GET /alerts/{id}/deliveries

import { z } from 'zod';
import { TargetError } from '../../alert/alert-error.ts';
import { type Alerts, RULES_MAX } from '../../alert/alerts.ts';
import { refuseReaders } from '../access.ts';
import type { Api } from '../api-context.ts';
import { authorOf, callerOf, enterUntilAnswered, tenantAsking, whileWaiting } from '../callers.ts';
import {
  alertDocument,
  alertSchema,
  alertTestDocument,
  alertTestSchema,
  deliveryDocument,
  deliverySchema,
  firingDocument,
  firingSchema,
} from '../documents/alert-document.ts';
import { changedAlertSchema, draftOfRequest, newAlertSchema } from '../documents/alert-request.ts';
import { Gate } from '../gate.ts';
import { expecting, noParameters } from '../parameters.ts';
import { notFound, Problem } from '../problem.ts';
import { answers } from '../responses.ts';

const idPath = z.object({ id: z.string().describe('The alert rule.') });
const TAGS = ['alerts'];
/** Tests wait for receivers, which may take seconds. */
const TESTS = { name: 'tests of webhooks', max: 8, maxEach: 2 };
const DELIVERIES_MAX = 1000;

const deliveriesQuery = z.strictObject({
  limit: z.coerce
    .number({ error: expecting(`a whole number from 1 to ${DELIVERIES_MAX}`) })
    .int({ error: expecting('a whole number') })
    .min(1, { error: expecting('at least 1') })
    .max(DELIVERIES_MAX, { error: expecting(`at most ${DELIVERIES_MAX}`) })
    .default(100)
    .describe('Messages in the answer.'),
});

const alertsSchema = z.object({ alerts: z.array(alertSchema).readonly() }).meta({ id: 'Alerts' });
const firingAlertsSchema = z.object({ firing: z.array(firingSchema).readonly() }).meta({ id: 'FiringAlerts' });
const deliveriesSchema = z.object({ deliveries: z.array(deliverySchema).readonly() }).meta({ id: 'AlertDeliveries' });
const removedSchema = z.object({ id: z.string(), is_removed: z.literal(true) }).meta({ id: 'RemovedAlert' });

export function addAlertRoutes(api: Api, { alerts }: { readonly alerts: Alerts }): void {
  addList(api, alerts);
  addCreate(api, alerts);
  addFiring(api, alerts);
  addOne(api, alerts);
  addReplace(api, alerts);
  addRemove(api, alerts);
  addTest(api, alerts);
  addDeliveries(api, alerts);
}

function addList(api: Api, alerts: Alerts): void {
  api.route({
    method: 'GET',
    url: '/alerts',
    schema: {
      operationId: 'listAlerts',
      tags: TAGS,
      summary: 'Alert rules of a tenant',
      querystring: noParameters,
      response: answers({ description: 'All of them.', schema: alertsSchema }),
    },
    handler: async (request) => {
      const { mayChange } = callerOf(request);
      const rules = await alerts.list(tenantAsking(request));
      return { alerts: rules.map((rule) => alertDocument(rule, mayChange)) };
    },
  });
}

function addCreate(api: Api, alerts: Alerts): void {
  api.route({
    method: 'POST',
    url: '/alerts',
    schema: {
      operationId: 'createAlert',
      tags: TAGS,
      summary: 'Writes a new alert rule',
      description: 'Messages go to its webhook as Standard Webhooks says, signed and retried for a day.',
      querystring: noParameters,
      body: newAlertSchema,
      response: answers({ description: 'The rule.', schema: alertSchema }, 409),
    },
    handler: async (request) => {
      const caller = callerOf(request);
      refuseReaders(caller);
      const { body } = request;
      const tenant = tenantAsking(request);
      const draft = draftOfRequest(body);
      const rule = await named(() =>
        alerts.create({ tenant, draft, secret: body.webhook.secret, by: authorOf(request) }),
      );
      if (rule === undefined) throw tooMany();
      return alertDocument(rule, caller.mayChange);
    },
  });
}

function addFiring(api: Api, alerts: Alerts): void {
  api.route({
    method: 'GET',
    url: '/alerts/firing',
    schema: {
      operationId: 'listFiringAlerts',
      tags: TAGS,
      summary: 'What fires, or is about to',
      querystring: noParameters,
      response: answers({ description: 'The longest first.', schema: firingAlertsSchema }),
    },
    handler: async (request) => ({ firing: (await alerts.open(tenantAsking(request))).map(firingDocument) }),
  });
}

function addOne(api: Api, alerts: Alerts): void {
  api.route({
    method: 'GET',
    url: '/alerts/:id',
    schema: {
      operationId: 'getAlert',
      tags: TAGS,
      summary: 'One alert rule',
      params: idPath,
      querystring: noParameters,
      response: answers({ description: 'The rule, without its secret.', schema: alertSchema }, 404),
    },
    handler: async (request) => {
      const { id } = request.params;
      const rule = await alerts.find(tenantAsking(request), id);
      if (rule === undefined) throw notFound('alert', id);
      return alertDocument(rule, callerOf(request).mayChange);
    },
  });
}

function addReplace(api: Api, alerts: Alerts): void {
  api.route({
    method: 'PUT',
    url: '/alerts/:id',
    schema: {
      operationId: 'replaceAlert',
      tags: TAGS,
      summary: 'Writes an alert rule anew; its secret may be left out and stays',
      params: idPath,
      querystring: noParameters,
      body: changedAlertSchema,
      response: answers({ description: 'The rule.', schema: alertSchema }, 404, 412),
    },
    handler: async (request) => {
      const caller = callerOf(request);
      refuseReaders(caller);
      const { body } = request;
      const { id } = request.params;
      const tenant = tenantAsking(request);
      const draft = draftOfRequest(body);
      const rule = await named(() =>
        alerts.replace(id, { tenant, draft, secret: body.webhook.secret, by: authorOf(request) }),
      );
      if (rule === undefined) throw notFound('alert', id);
      return alertDocument(rule, caller.mayChange);
    },
  });
}

function addRemove(api: Api, alerts: Alerts): void {
  api.route({
    method: 'DELETE',
    url: '/alerts/:id',
    schema: {
      operationId: 'removeAlert',
      tags: TAGS,
      summary: 'Removes an alert rule; nothing more is sent of it',
      params: idPath,
      querystring: noParameters,
      response: answers({ description: 'It is gone.', schema: removedSchema }, 404),
    },
    handler: async (request) => {
      refuseReaders(callerOf(request));
      const { id } = request.params;
      if (!(await alerts.remove(tenantAsking(request), id, authorOf(request)))) throw notFound('alert', id);
      return { id, is_removed: true as const };
    },
  });
}

function addTest(api: Api, alerts: Alerts): void {
  const gate = new Gate(TESTS);
  api.route({
    method: 'POST',
    url: '/alerts/:id/test',
    schema: {
      operationId: 'testAlert',
      tags: TAGS,
      summary: 'Sends a message that is marked as a test, and tells what the receiver said',
      params: idPath,
      querystring: noParameters,
      response: answers({ description: 'What became of it.', schema: alertTestSchema }, 404),
    },
    handler: async (request, reply) => {
      refuseReaders(callerOf(request));
      const { id } = request.params;
      enterUntilAnswered(gate, request, reply);
      const result = await alerts.test(tenantAsking(request), id, whileWaiting(reply));
      if (result === undefined) throw notFound('alert', id);
      return alertTestDocument(result);
    },
  });
}

function addDeliveries(api: Api, alerts: Alerts): void {
  api.route({
    method: 'GET',
    url: '/alerts/:id/deliveries',
    schema: {
      operationId: 'listAlertDeliveries',
      tags: TAGS,
      summary: 'What became of messages; those that are done are kept for a week',
      params: idPath,
      querystring: deliveriesQuery,
      response: answers({ description: 'The newest first.', schema: deliveriesSchema }, 404),
    },
    handler: async (request) => {
      const { id } = request.params;
      const tenant = tenantAsking(request);
      if ((await alerts.find(tenant, id)) === undefined) throw notFound('alert', id);
      const deliveries = await alerts.deliveries(tenant, id, request.query.limit);
      return { deliveries: deliveries.map(deliveryDocument) };
    },
  });
}

/** What is wrong with a webhook is told by the field's name. */
async function named<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    const parameter = error.code === 'secret_invalid' ? 'webhook.secret' : 'webhook.url';
    const { message: detail } = error;
    throw new Problem({
      status: 400,
      code: error.code,
      detail: `${parameter}: ${detail}`,
      errors: [{ parameter, detail }],
      cause: error,
    });
  }
}

function tooMany(): Problem {
  return new Problem({
    status: 409,
    code: 'limit_reached',
    detail: `A tenant may have ${RULES_MAX} alert rules: expected that one is removed first.`,
  });
}
