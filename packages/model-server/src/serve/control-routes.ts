import type { FastifyInstance } from 'fastify';
import { ScriptError } from '../failures.ts';
import { parseRules } from '../script/parse-rules.ts';
import type { Desk } from './desk.ts';

/** What other processes need of a server: its ledger, and a way to change its script. */
export function controlRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/ledger', () => ({ totals: desk.ledger.totals(), entries: desk.ledger.entries }));
  app.delete('/ledger', (_request, reply) => {
    desk.ledger.clear();
    reply.code(204).send();
  });
  app.put('/script', (request, reply) => {
    try {
      desk.use(parseRules(request.body));
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      reply.code(400).send({ error: error.message });
      return;
    }
    reply.code(204).send();
  });
}
