import type { FastifyInstance } from 'fastify';
import type { Rule } from '../script/rules.ts';
import type { Desk } from './desk.ts';

/** What other processes need of a server: its ledger, and a way to change its script. */
export function controlRoutes(app: FastifyInstance, desk: Desk): void {
  app.get('/ledger', () => ({ totals: desk.ledger.totals(), entries: desk.ledger.entries }));
  app.delete('/ledger', (_request, reply) => {
    desk.ledger.clear();
    reply.code(204).send();
  });
  app.put('/script', (request, reply) => {
    if (!Array.isArray(request.body)) {
      reply.code(400).send({ error: 'the script was not changed: expected a JSON list of rules' });
      return;
    }
    desk.use(request.body as Rule[]);
    reply.code(204).send();
  });
}
