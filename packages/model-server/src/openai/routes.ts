import type { FastifyInstance } from 'fastify';
import type { Desk } from '../serve/desk.ts';
import { serveCall } from '../serve/serve-call.ts';
import { openaiChat } from './chat.ts';
import { openaiCompletions } from './completions.ts';
import { openaiEmbeddings } from './embeddings.ts';
import { openaiErrors } from './errors.ts';
import { openaiResponses } from './responses.ts';

const OPERATIONS = {
  '/v1/chat/completions': openaiChat,
  '/v1/responses': openaiResponses,
  '/v1/completions': openaiCompletions,
  '/v1/embeddings': openaiEmbeddings,
} as const;

const MODELS = ['gpt-4.1', 'gpt-4.1-mini', 'gpt-5', 'gpt-5-mini', 'text-embedding-3-small'].map((id) => ({
  id,
  object: 'model',
  created: 1_744_316_542,
  owned_by: 'system',
}));

/** The paths of OpenAI's APIs. */
export function openaiRoutes(app: FastifyInstance, desk: Desk): void {
  for (const [path, dialect] of Object.entries(OPERATIONS))
    app.post(path, async (request, reply) => {
      await serveCall(desk, dialect, { request, reply });
      return reply;
    });
  app.get('/v1/models', (_request, reply) => {
    reply.headers(openaiErrors.headers(openaiErrors.newRequestId())).send({ object: 'list', data: MODELS });
  });
}
