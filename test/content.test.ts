// What people and models write is stored nowhere: not in the write-ahead log, not in the database, not in a log.

import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TurnmeterProcess } from './captured/turnmeter-process.ts';

const SECRET = 'CANARY-7f3a91';
const TEXT = `${SECRET} is what I told nobody but the model. `.repeat(20);
/** Where the conventions, old and new, and the usual frameworks put text. */
const TEXTUAL = [
  'gen_ai.prompt',
  'gen_ai.completion',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.tool.definitions',
  'input.value',
  'output.value',
  'llm.input_messages.0.message.content',
  'llm.prompts',
  'traceloop.entity.input',
  'traceloop.entity.output',
  'langfuse.observation.input',
  'langfuse.trace.output',
  'ai.prompt.messages',
  'ai.response.text',
  'ai.toolCall.args',
  'mastra.model_generation.input',
  'agent.messages',
  'exception.message',
  'error.message',
  'error.type',
  'db.query.text',
  'http.request.body.content',
  'something.of.my.own',
];

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'turnmeter-content-'));
});
afterAll(async () => rm(dataDir, { recursive: true, force: true }));

function attributes(values: Readonly<Record<string, string | number>>): readonly object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: value } : { stringValue: value },
  }));
}

function filesWith(text: string): readonly string[] {
  return readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => contentOf(file).includes(text));
}

/** Of a file that a running service has removed by now: nothing. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

describe('text of conversations', () => {
  it('is not stored, while the tokens beside it are counted', async () => {
    await using turnmeter = await TurnmeterProcess.start(dataDir);
    const texts = Object.fromEntries(TEXTUAL.map((name) => [name, TEXT]));
    const counted = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4.1',
      'gen_ai.conversation.id': 'the-session-that-is-stored',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 10,
    };
    const nowMs = Date.now();
    const span = {
      traceId: 'f1'.repeat(16),
      spanId: 'f2'.repeat(8),
      name: `chat ${TEXT}`,
      kind: 3,
      startTimeUnixNano: `${nowMs - 1000}000000`,
      endTimeUnixNano: `${nowMs}000000`,
      status: { code: 2, message: TEXT },
      attributes: attributes({ ...texts, ...counted }),
      events: [{ name: 'exception', timeUnixNano: `${nowMs}000000`, attributes: attributes(texts) }],
    };
    const record = {
      timeUnixNano: `${nowMs}000000`,
      eventName: 'gen_ai.client.inference.operation.details',
      body: { stringValue: TEXT },
      attributes: attributes({ ...texts, ...counted }),
    };
    const resource = { attributes: attributes({ 'service.name': 'app' }) };
    await turnmeter.send('default', 'span', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
    await turnmeter.send('default', 'log', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] });
    await expect
      .poll(async () => (await turnmeter.sessions('default')).map(({ tokens }) => tokens.input), { timeout: 30_000 })
      .toEqual([100]);
    expect(filesWith(SECRET)).toEqual([]);
    await turnmeter.stop();
    // That a text of a record can be found at all.
    expect(filesWith('the-session-that-is-stored')).not.toEqual([]);
    expect(filesWith(SECRET)).toEqual([]);
  });
});
