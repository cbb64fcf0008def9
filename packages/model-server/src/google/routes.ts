import type { FastifyInstance } from 'fastify';
import type { CallTarget, Dialect } from '../dialect.ts';
import type { Desk } from '../serve/desk.ts';
import { serveCall } from '../serve/serve-call.ts';
import { googleEmbed, googleEmbedBatch } from './embed.ts';
import { googleCountTokens, googleGenerate } from './generate.ts';

const OPERATIONS: ReadonlyMap<string, Dialect> = new Map([
  ['generateContent', googleGenerate],
  ['streamGenerateContent', googleGenerate],
  ['countTokens', googleCountTokens],
  ['embedContent', googleEmbed],
  ['batchEmbedContents', googleEmbedBatch],
]);

// Samples of what the paths end in: gemini-2.5-flash:generateContent,
// p/locations/global/publishers/google/models/gemini-2.5-flash:streamGenerateContent
const TARGET = /(?:^|\/)(?<model>[^/:]+):(?<operation>[A-Za-z]+)$/u;

const PATHS = ['/v1/models/*', '/v1/tunedModels/*', '/v1/projects/*', '/v1beta/*', '/v1beta1/*', '/v1alpha/*'];

/** The paths of Gemini's API, those of Vertex AI included. */
export function googleRoutes(app: FastifyInstance, desk: Desk): void {
  for (const path of PATHS)
    app.post<{ Params: { '*': string } }>(path, async (request, reply) => {
      const found = readTarget(request.params['*']);
      if (found === undefined) {
        reply.callNotFound();
        return reply;
      }
      await serveCall(desk, found.dialect, { request, reply }, found.target);
      return reply;
    });
}

function readTarget(path: string): { readonly dialect: Dialect; readonly target: CallTarget } | undefined {
  const { model, operation = '' } = TARGET.exec(path)?.groups ?? {};
  const dialect = OPERATIONS.get(operation);
  if (dialect === undefined) return undefined;
  return { dialect, target: { model, streamed: operation === 'streamGenerateContent' } };
}
