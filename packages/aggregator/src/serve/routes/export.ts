// GET /export

import { z } from 'zod';
import { ExportFormat, ExportOf } from '../../query/export.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { enterUntilAnswered, tenantAsking, whileWaiting } from '../callers.ts';
import { Gate } from '../gate.ts';
import { dayParameter, expecting } from '../parameters.ts';
import { answersOf } from '../responses.ts';

/** Exports run long and keep a thread of the database. */
const EXPORTS_MAX = 4;
const EXPORTS_MAX_EACH = 2;

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  [ExportFormat.NDJSON]: 'application/x-ndjson',
  [ExportFormat.CSV]: 'text/csv; charset=utf-8',
  [ExportFormat.PARQUET]: 'application/vnd.apache.parquet',
};

const exportQuery = z.strictObject({
  what: z
    .enum(ExportOf, { error: expecting(Object.values(ExportOf).join(', ')) })
    .describe('Finalized sessions, entries of the ledger, what was seen (observations), or averages of workflows.'),
  format: z
    .enum(ExportFormat, { error: expecting(Object.values(ExportFormat).join(', ')) })
    .default(ExportFormat.NDJSON)
    .describe('JSON by the line, CSV with names, or Parquet.'),
  from: dayParameter('First day, UTC: sessions by begin, entries and observations by arrival.').default('1970-01-01'),
  to: dayParameter('Last day, which is included.').default('2148-12-31'),
});

export function addExportRoute(api: Api, { queries }: ApiContext): void {
  const gate = new Gate({ name: 'exports', max: EXPORTS_MAX, maxEach: EXPORTS_MAX_EACH });
  api.route({
    method: 'GET',
    url: '/export',
    // It would write all rows for nothing.
    exposeHeadRoute: false,
    schema: {
      operationId: 'export',
      tags: ['books'],
      summary: 'Rows as they are stored',
      description: 'An answer that breaks off is not complete. Whoever reads slowly slows it down, and nothing else.',
      querystring: exportQuery,
      response: answersOf({
        description: 'The rows.',
        content: Object.fromEntries(Object.values(MEDIA_TYPES).map((type) => [type, { schema: z.string() }])),
      }),
    },
    handler: async (request, reply) => {
      const { what, format, from, to } = request.query;
      enterUntilAnswered(gate, request, reply);
      const asking = queries.cancelledBy(whileWaiting(reply));
      const rows = await asking.export(tenantAsking(request), { what, format, firstDay: from, lastDay: to });
      return reply
        .type(MEDIA_TYPES[format])
        .header('content-disposition', `attachment; filename="turnmeter-${what}.${format}"`)
        .send(rows);
    },
  });
}
