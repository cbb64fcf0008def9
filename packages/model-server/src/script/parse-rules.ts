import { z } from 'zod';
import { ScriptError } from '../failures.ts';
import { FinishReason, type Reply } from './reply.ts';
import { Endpoint } from './request.ts';
import type { Rule } from './rules.ts';

const count = z.int().nonnegative();

const usageSchema = z.strictObject({
  input: count.optional(),
  output: count.optional(),
  cacheRead: count.optional(),
  cacheWrite: count.optional(),
  cacheWrite1h: count.optional(),
  reasoning: count.optional(),
  toolInput: count.optional(),
});

const toolCallSchema = z.strictObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  id: z.string().optional(),
});

const replySchema = z.strictObject({
  text: z.string().optional(),
  reasoning: z.string().optional(),
  refusal: z.string().optional(),
  json: z.unknown().optional(),
  toolCalls: z.array(toolCallSchema).optional(),
  handoffTo: z.string().optional(),
  usage: usageSchema.nullable().optional(),
  finishReason: z.enum(FinishReason).optional(),
  continues: z.boolean().optional(),
  model: z.string().optional(),
  serviceTier: z.string().optional(),
  latencyMs: count.optional(),
  chunkDelayMs: count.optional(),
  chunks: z.int().positive().optional(),
  status: z.int().min(400).max(599).optional(),
  retryAfter: z.number().nonnegative().optional(),
  errorMessage: z.string().optional(),
  hang: z.boolean().optional(),
  cutAfterChunks: count.optional(),
  errorAfterChunks: count.optional(),
  malformedJson: z.boolean().optional(),
  failTimes: count.optional(),
}) satisfies z.ZodType<Reply>;

const rulesSchema = z.array(
  z.strictObject({
    agent: z.string().optional(),
    session: z.string().optional(),
    model: z.string().optional(),
    endpoint: z.enum(Endpoint).optional(),
    streamed: z.boolean().optional(),
    calls: z.union([z.int().positive(), z.tuple([z.int().positive(), z.int().positive()])]).optional(),
    reply: z.union([replySchema, z.array(replySchema).nonempty()]),
  }),
) satisfies z.ZodType<readonly Rule[]>;

/** Reads rules that came as JSON. @throws ScriptError for what is no list of rules, misspelled fields included. */
export function parseRules(value: unknown): readonly Rule[] {
  const parsed = rulesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ScriptError(`the rules cannot be used:\n${z.prettifyError(parsed.error)}`);
}
