import type { FastifyInstance } from 'fastify';
import type { Desk } from '../serve/desk.ts';
import { serveCall } from '../serve/serve-call.ts';
import { anthropicCountTokens, anthropicMessages } from './messages.ts';

const OPERATIONS = {
  '/v1/messages': anthropicMessages,
  '/v1/messages/count_tokens': anthropicCountTokens,
} as const;

/** The paths of Anthropic's API. */
export function anthropicRoutes(app: FastifyInstance, desk: Desk): void {
  for (const [path, dialect] of Object.entries(OPERATIONS))
    app.post(path, async (request, reply) => {
      await serveCall(desk, dialect, { request, reply });
      return reply;
    });
}
