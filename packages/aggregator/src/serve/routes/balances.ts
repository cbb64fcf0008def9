// GET /balances, GET /balances/{account}, POST /balances/{account}/{grant, reserve, settle, release, refund, deduct}

import {
  type BalanceAccountName,
  type BalanceAnswer,
  type Balances,
  ControlStoreError,
} from '@turnmeter/control-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createBalanceForecasts } from '../../assess/balance-run-out.ts';
import { refuseReaders } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { authorOf, callerOf, tenantAsking } from '../callers.ts';
import {
  type BalanceAnswerDocument,
  balanceAnswerSchema,
  balanceDocument,
  balanceEntryDocument,
  balanceSchema,
  balanceWithEntriesSchema,
} from '../documents/balance-document.ts';
import {
  accountPath,
  type BalanceSaid,
  balanceQuery,
  deductBody,
  grantBody,
  listQuery,
  refundBody,
  releaseBody,
  reserveBody,
  settleBody,
} from '../documents/balance-request.ts';
import { runOutDocument } from '../documents/run-out-document.ts';
import { noParameters } from '../parameters.ts';
import { notFound, Problem, shown } from '../problem.ts';
import { answers } from '../responses.ts';

const TAGS = ['balances'];
const KEY_HEADER = 'idempotency-key';
/** As Stripe has it: this request was done before, and is answered as then. */
const REPLAYED_HEADER = 'idempotent-replayed';
const KEY_LENGTH_MAX = 255;

const listSchema = z
  .object({ balances: z.array(balanceSchema).readonly(), next_cursor: z.string().nullable() })
  .meta({ id: 'Balances' });

const cursorSchema = z.tuple([z.string(), z.enum(['nano_usd', 'tokens'])]);

export function addBalanceRoutes(api: Api, context: ApiContext): void {
  addList(api, context);
  addOne(api, context);
  addGranting(api, context);
  addReserving(api, context);
  addSpending(api, context);
}

function addList(api: Api, { control, nowUs }: ApiContext): void {
  api.route({
    method: 'GET',
    url: '/balances',
    schema: {
      operationId: 'listBalances',
      tags: TAGS,
      summary: 'Prepaid balances of a tenant, by name',
      querystring: listQuery,
      response: answers({ description: 'A page of them.', schema: listSchema }),
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const tenant = tenantAsking(request);
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const found = await control.store.balances.list({ tenant, nowMs: msOf(nowUs()), after, limit: limit + 1 });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return { balances: page.map(balanceDocument), next_cursor: last === undefined ? null : writeCursor(last) };
    },
  });
}

function addOne(api: Api, { control, nowUs }: ApiContext): void {
  const forecasts = createBalanceForecasts(control.store.balances);
  api.route({
    method: 'GET',
    url: '/balances/:account',
    schema: {
      operationId: 'getBalance',
      tags: TAGS,
      summary: 'One balance, when it will run out, and what happened to it',
      params: accountPath,
      querystring: balanceQuery,
      response: answers(
        { description: 'The balance now, and a page of its ledger.', schema: balanceWithEntriesSchema },
        404,
      ),
    },
    handler: async (request) => {
      const { unit, limit, before } = request.query;
      const name = { tenant: tenantAsking(request), account: request.params.account, unit };
      const nowMs = msOf(nowUs());
      const balance = await control.store.balances.find({ ...name, nowMs });
      if (balance === undefined) throw notFound(`balance in ${unit} of`, name.account);
      const entries = await control.store.balances.entries({ ...name, before, limit: limit + 1 });
      const page = entries.slice(0, limit);
      return {
        balance: balanceDocument(balance),
        run_out: runOutDocument(await forecasts.of(balance, nowMs)),
        ledger: page.map(balanceEntryDocument),
        next_before: entries.length > limit ? (page.at(-1)?.sequence ?? null) : null,
      };
    },
  });
}

function addGranting(api: Api, context: ApiContext): void {
  addOperation(api, context, {
    name: 'grant',
    summary: 'Adds to a balance, for good or until a time; opens it if there is none',
    body: grantBody,
    perform: (balances, request, { amount, expires_at: expiresAtMs }) =>
      balances.grant({ ...request, amount, expiresAtMs }),
  });
  addOperation(api, context, {
    name: 'refund',
    summary: 'Gives back what was spent, or a part of it',
    body: refundBody,
    perform: (balances, request, { amount, spending, expires_at: expiresAtMs }) =>
      balances.refund({ ...request, amount, spending, expiresAtMs }),
  });
}

function addReserving(api: Api, context: ApiContext): void {
  addOperation(api, context, {
    name: 'reserve',
    summary: 'Sets aside what a call may cost at worst; what expires first is taken first',
    body: reserveBody,
    perform: (balances, request, { amount, expires_at: expiresAtMs }) =>
      balances.reserve({ ...request, amount, expiresAtMs }),
  });
  addOperation(api, context, {
    name: 'settle',
    summary: 'Ends a reservation with what was used; what is left of it is free again',
    body: settleBody,
    perform: (balances, request, { amount, reservation }) => balances.settle({ ...request, amount, reservation }),
  });
  addOperation(api, context, {
    name: 'release',
    summary: 'Ends a reservation of which nothing was used',
    body: releaseBody,
    perform: (balances, request, { reservation }) => balances.release({ ...request, reservation }),
  });
}

function addSpending(api: Api, context: ApiContext): void {
  addOperation(api, context, {
    name: 'deduct',
    summary: 'Spends at once, without a reservation',
    body: deductBody,
    perform: (balances, request, { amount }) => balances.deduct({ ...request, amount }),
  });
}

type Asked = BalanceAccountName & {
  readonly idempotencyKey: string;
  readonly note: string | undefined;
  readonly by: string;
  readonly nowMs: number;
};

interface Operation<Body extends z.ZodType<BalanceSaid>> {
  readonly name: 'grant' | 'reserve' | 'settle' | 'release' | 'refund' | 'deduct';
  readonly summary: string;
  readonly body: Body;
  readonly perform: (balances: Balances, asked: Asked, body: z.output<Body>) => Promise<BalanceAnswer>;
}

const DESCRIPTION =
  'The header Idempotency-Key makes it happen once: the same request with the same key is answered as the first time, another one is refused (409). What the balance does not have is refused (402) and not remembered.';

function addOperation<Body extends z.ZodType<BalanceSaid>>(
  api: Api,
  { control, nowUs }: ApiContext,
  { name, summary, body, perform }: Operation<Body>,
): void {
  api.route({
    method: 'POST',
    url: `/balances/:account/${name}`,
    schema: {
      operationId: `${name}Balance`,
      tags: TAGS,
      summary,
      description: DESCRIPTION,
      params: accountPath,
      querystring: noParameters,
      headers: z.object({
        [KEY_HEADER]: z.string().optional().describe('Unique in the tenant, such as a UUID. Required.'),
      }),
      body,
      response: answers({ description: 'The entry of the ledger.', schema: balanceAnswerSchema }, 402, 404, 409),
    },
    handler: async (request, reply) => {
      refuseReaders(callerOf(request));
      const said = request.body as z.output<Body>;
      const asked = {
        tenant: tenantAsking(request),
        account: request.params.account,
        unit: said.unit,
        idempotencyKey: keyOf(request),
        note: said.note,
        by: authorOf(request),
        nowMs: msOf(nowUs()),
      };
      const answer = await perform(control.store.balances, asked, said).catch(refuseAsAsked);
      return sendAnswer(reply, asked, answer);
    },
  });
}

/** The store calls it otherwise than requests do; only it knows that a request is not one that comes again. */
function refuseAsAsked(error: unknown): never {
  const isPast = error instanceof ControlStoreError && error.field === 'expiresAtMs' && error.code === 'invalid';
  if (!isPast) throw error;
  const detail = 'expected a time that is still to come';
  throw new Problem({
    status: 400,
    code: 'parameter_invalid',
    detail: `expires_at: ${detail}`,
    errors: [{ parameter: 'expires_at', detail }],
  });
}

function sendAnswer(
  reply: FastifyReply,
  { account, unit }: BalanceAccountName,
  { entry, isRepeated }: BalanceAnswer,
): BalanceAnswerDocument {
  if (isRepeated) void reply.header(REPLAYED_HEADER, 'true');
  return { account, unit, ...balanceEntryDocument(entry) };
}

/** @throws Problem 400 */
function keyOf({ headers }: FastifyRequest): string {
  const key = headers[KEY_HEADER];
  if (typeof key === 'string' && key.length > 0 && key.length <= KEY_LENGTH_MAX) return key;
  const expected = `expected 1 to ${KEY_LENGTH_MAX} characters that no other request of the tenant has`;
  throw new Problem({
    status: 400,
    code: key === undefined ? 'idempotency_key_missing' : 'parameter_invalid',
    detail: `The header Idempotency-Key: ${expected}, received ${key === undefined ? 'none' : shown(String(key))}.`,
    errors: [{ parameter: 'Idempotency-Key', detail: expected }],
  });
}

function msOf(us: number): number {
  return Math.floor(us / 1000);
}

function writeCursor({ account, unit }: BalanceAccountName): string {
  return Buffer.from(JSON.stringify([account, unit])).toString('base64url');
}

/** @throws Problem 400 */
function readCursor(cursor: string): Pick<BalanceAccountName, 'account' | 'unit'> {
  try {
    const [account, unit] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { account, unit };
  } catch (cause) {
    const detail = 'expected next_cursor of an answer to the same list';
    throw new Problem({
      status: 400,
      code: 'cursor_invalid',
      detail: `cursor: ${detail}, received ${shown(cursor)}`,
      errors: [{ parameter: 'cursor', detail }],
      cause,
    });
  }
}
