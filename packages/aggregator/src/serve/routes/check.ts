// GET /check

import { Readable } from 'node:stream';
import type { ControlStore } from '@turnmeter/control-store';
import type { CheckResult } from '../../query/check.ts';
import type { Tenants } from '../../query/workflows.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { allowSilence, callerOf, enterUntilAnswered, whileWaiting } from '../callers.ts';
import {
  type CheckResultDocument,
  checkResultDocument,
  checkResultSchema,
  checkSchema,
} from '../documents/check-document.ts';
import { Gate } from '../gate.ts';
import { noParameters } from '../parameters.ts';
import { answersOf } from '../responses.ts';

/** An audit reads everything. */
const CHECKS_MAX = 1;
const NDJSON = 'application/x-ndjson';

export function addCheckRoute(api: Api, { queries, control }: ApiContext): void {
  const gate = new Gate({ name: 'checks', max: CHECKS_MAX });
  api.route({
    method: 'GET',
    url: '/check',
    // It would run the audit for nothing.
    exposeHeadRoute: false,
    schema: {
      operationId: 'check',
      tags: ['books'],
      summary: 'Audits the books: records, entries, sums, summaries, averages and balances agree',
      description: `Takes seconds to minutes. With Accept: ${NDJSON} each result is sent as a line when it is there. Operators may ask for all tenants: X-Scope-OrgID: *.`,
      querystring: noParameters,
      response: answersOf({
        description: 'All results, or one a line.',
        content: { 'application/json': { schema: checkSchema }, [NDJSON]: { schema: checkResultSchema } },
      }),
    },
    handler: async (request, reply) => {
      enterUntilAnswered(gate, request, reply);
      allowSilence(request);
      const { tenants } = callerOf(request);
      const results = withBalances(queries.cancelledBy(whileWaiting(reply)).check(tenants), control.store, tenants);
      void reply.header('vary', 'accept');
      if (request.headers.accept?.includes(NDJSON) === true)
        return reply.type(NDJSON).send(Readable.from(linesOf(results)));
      const checks: CheckResultDocument[] = [];
      for await (const result of results) checks.push(checkResultDocument(result));
      return reply.send({ ok: checks.every(({ ok }) => ok), checks });
    },
  });
}

async function* withBalances(
  results: AsyncIterable<CheckResult>,
  { balances }: Pick<ControlStore, 'balances'>,
  tenants: Tenants,
): AsyncGenerator<CheckResult> {
  yield* results;
  const begin = performance.now();
  const { findings } = await balances.replay(tenants === 'every' ? {} : tenants);
  yield {
    name: 'balances_follow_from_ledger',
    description: 'Every prepaid balance is what its ledger says, entry by entry.',
    expected: '0',
    found: `${findings.length}`,
    isOk: findings.length === 0,
    milliseconds: performance.now() - begin,
  };
}

async function* linesOf(results: AsyncIterable<CheckResult>): AsyncGenerator<string> {
  for await (const result of results) yield `${JSON.stringify(checkResultDocument(result))}\n`;
}
