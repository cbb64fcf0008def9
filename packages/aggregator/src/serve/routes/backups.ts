// POST /backups, GET /backups/{id}/pieces/{name}: everything there is, as of one moment, while the service goes on. For whoever may do
// anything for all tenants. What is kept of a backup is what it consists of; it is read piece by piece, and again where that broke off.

import { randomUUID } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { z } from 'zod';
import { refuseTenants } from '../access.ts';
import type { Api, ApiContext } from '../api-context.ts';
import { allowSilence, callerOf, enterUntilAnswered, whileWaiting } from '../callers.ts';
import { backupDocument, backupSchema, CONTROL_PIECE, type StartedBackup } from '../documents/backup-document.ts';
import { Gate } from '../gate.ts';
import { expecting, noParameters } from '../parameters.ts';
import { notFound } from '../problem.ts';
import { answers, answersOf } from '../responses.ts';
import { flushPatiently, PATIENCE_SECONDS } from './flush.ts';

/** A piece keeps a thread of the database. */
const READERS_MAX = 2;
const MEDIA_TYPE = 'application/zstd';

/** Proxies cut what is silent for longer; whoever can wait asks again. */
const WAIT_SECONDS_MAX = 240;
const waitError = expecting(`a whole number of seconds from 0 to ${WAIT_SECONDS_MAX}`);
const startParameters = z.strictObject({
  wait_seconds: z.coerce
    .number({ error: waitError })
    .int({ error: waitError })
    .min(0, { error: waitError })
    .max(WAIT_SECONDS_MAX, { error: waitError })
    .default(PATIENCE_SECONDS)
    .describe('How long to wait until all that was accepted is in the database. After that the answer is 503.'),
});

const pieceParameters = z.object({
  id: z.string().describe('The backup, as POST /backups named it.'),
  name: z.string().describe('The piece.'),
});

export function addBackupRoutes(api: Api, context: ApiContext): void {
  const state: { current: StartedBackup | undefined } = { current: undefined };
  const gate = new Gate({ name: 'backups', max: READERS_MAX });
  addStart(api, context, { gate, keep: (backup) => (state.current = backup) });
  addPiece(api, context, { gate, current: () => state.current });
}

function addStart(
  api: Api,
  context: ApiContext,
  { gate, keep }: { readonly gate: Gate; readonly keep: (backup: StartedBackup) => void },
): void {
  const { operations, queries, nowUs } = context;
  api.route({
    method: 'POST',
    url: '/backups',
    schema: {
      operationId: 'startBackup',
      tags: ['service'],
      summary: 'Begins a backup: brings what was accepted into the database, and says what there is to read',
      description: 'For keys of all tenants: X-Scope-OrgID: *. A backup that was begun before ends.',
      querystring: startParameters,
      response: answers({ description: 'Its pieces.', schema: backupSchema }),
    },
    handler: async (request, reply) => {
      refuseTenants(callerOf(request), 'A backup is made');
      enterUntilAnswered(gate, request, reply);
      allowSilence(request);
      const { backup } = operations;
      const madeAtUs = nowUs();
      await flushPatiently(context, request.query.wait_seconds);
      const scope = await backup.scope();
      const started: StartedBackup = {
        id: randomUUID(),
        madeAtUs,
        version: backup.version,
        writer: scope.writer,
        migrations: await backup.migrations(),
        hasControl: backup.copyControl !== undefined,
        plan: await queries.cancelledBy(whileWaiting(reply)).planBackup(scope),
      };
      keep(started);
      return backupDocument(started);
    },
  });
}

function addPiece(
  api: Api,
  { operations, queries }: ApiContext,
  { gate, current }: { readonly gate: Gate; readonly current: () => StartedBackup | undefined },
): void {
  api.route({
    method: 'GET',
    url: '/backups/:id/pieces/:name',
    // It would read all rows for nothing.
    exposeHeadRoute: false,
    schema: {
      operationId: 'readBackupPiece',
      tags: ['service'],
      summary: 'A piece of a backup: rows in ClickHouse’s Native format, or the file of the control store',
      description: 'An answer that breaks off is not complete; the piece may be read again.',
      params: pieceParameters,
      querystring: noParameters,
      response: answersOf(
        { description: 'The piece, compressed.', content: { [MEDIA_TYPE]: { schema: z.string() } } },
        404,
      ),
    },
    handler: async (request, reply) => {
      refuseTenants(callerOf(request), 'A backup is read');
      const { id, name } = request.params;
      const backup = current();
      if (backup?.id !== id) throw notFound('backup', id);
      enterUntilAnswered(gate, request, reply);
      allowSilence(request);
      const asking = queries.cancelledBy(whileWaiting(reply));
      const bytes = await openPiece(backup, name, { queries: asking, operations });
      if (bytes === undefined) throw notFound('piece', name);
      // An error of either end breaks the answer off, and arrives at whoever reads it.
      return reply.type(MEDIA_TYPE).send(pipeline(bytes, createZstdCompress(), () => undefined));
    },
  });
}

async function openPiece(
  { plan, hasControl }: StartedBackup,
  name: string,
  { queries, operations }: Pick<ApiContext, 'queries' | 'operations'>,
): Promise<Readable | undefined> {
  if (name === CONTROL_PIECE && hasControl) return operations.backup.copyControl?.();
  const piece = plan.pieces.find((one) => one.name === name);
  return piece && queries.backupPiece(plan, piece);
}
