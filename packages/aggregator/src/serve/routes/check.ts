// GET /check

import { Readable } from 'node:stream';
import type { CheckResult } from '../../query/check.ts';
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

export function addCheckRoute(api: Api, { queries }: ApiContext): void {
  const gate = new Gate({ name: 'checks', max: CHECKS_MAX });
  api.route({
    method: 'GET',
    url: '/check',
    // It would run the audit for nothing.
    exposeHeadRoute: false,
    schema: {
      operationId: 'check',
      tags: ['books'],
      summary: 'Audits the books: records, entries, sums, summaries and averages agree',
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
      const results = queries.cancelledBy(whileWaiting(reply)).check(callerOf(request).tenants);
      void reply.header('vary', 'accept');
      if (request.headers.accept?.includes(NDJSON) === true)
        return reply.type(NDJSON).send(Readable.from(linesOf(results)));
      const checks: CheckResultDocument[] = [];
      for await (const result of results) checks.push(checkResultDocument(result));
      return reply.send({ ok: checks.every(({ ok }) => ok), checks });
    },
  });
}

async function* linesOf(results: AsyncIterable<CheckResult>): AsyncGenerator<string> {
  for await (const result of results) yield `${JSON.stringify(checkResultDocument(result))}\n`;
}
