import { createRequire } from 'node:module';
import { diag } from '@opentelemetry/api';
import OpenAI, { AzureOpenAI } from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { startInference } from '../../../src/emit/start-inference.ts';
import { OpenAIInstrumentation } from '../../../src/index.ts';
import { collectWarnings } from '../attached.ts';
import { attachToOpenAi, QUESTION } from './clients.ts';

const attached = attachToOpenAi();
const ASK = { model: 'gpt-5-mini', messages: QUESTION } as const;
const client = (baseURL = attached.server.openaiUrl): OpenAI => new OpenAI({ apiKey: 'none', baseURL, maxRetries: 0 });

describe('OpenAIInstrumentation', () => {
  afterEach(() => diag.disable());

  it('is undone by disable(), and there again after enable()', async () => {
    const original = Object.getOwnPropertyDescriptor(OpenAI.prototype, 'post');
    attached.instrumentation.disable();
    expect(Object.getOwnPropertyDescriptor(OpenAI.prototype, 'post')).not.toEqual(original);
    await client().chat.completions.create(ASK);
    expect(attached.recording.spans()).toHaveLength(0);
    attached.instrumentation.enable();
    await client().chat.completions.create(ASK);
    expect(attached.recording.spans()).toHaveLength(1);
  });

  it('is silent when disabled, also below the patch of somebody else', async () => {
    // oxlint-disable-next-line typescript/unbound-method -- It is called on the client below.
    const ours = OpenAI.prototype.post;
    OpenAI.prototype.post = function (this: OpenAI, ...args: Parameters<OpenAI['post']>) {
      return ours.apply(this, args);
    } as OpenAI['post'];
    try {
      attached.instrumentation.disable();
      await client().chat.completions.create(ASK);
      expect(attached.recording.spans()).toHaveLength(0);
    } finally {
      OpenAI.prototype.post = ours;
      attached.instrumentation.enable();
    }
  });

  it('counts once what it is attached to twice, or by two of its kind', async () => {
    attached.instrumentation.attach(OpenAI);
    attached.instrumentation.attach({ OpenAI, AzureOpenAI });
    await client().chat.completions.create(ASK);
    expect(attached.recording.spans()).toHaveLength(1);
    const second = new OpenAIInstrumentation();
    second.attach(OpenAI);
    try {
      await client().chat.completions.create(ASK);
      expect(attached.recording.spans()).toHaveLength(2);
    } finally {
      second.disable();
    }
  });

  it('takes the exports of the CommonJS copy, whose classes are others', async () => {
    const copy = createRequire(import.meta.url)('openai') as { readonly OpenAI: typeof OpenAI };
    expect(copy.OpenAI).not.toBe(OpenAI);
    attached.instrumentation.attach(copy);
    await new copy.OpenAI({ apiKey: 'none', baseURL: attached.server.openaiUrl }).chat.completions.create(ASK);
    expect(attached.recording.spans()).toHaveLength(1);
  });

  it('leaves a class of unknown shape alone, and says so', () => {
    const warnings = collectWarnings();
    attached.instrumentation.attach({ OpenAI: URL });
    attached.instrumentation.attach(undefined);
    expect(warnings).toEqual([expect.stringContaining('openai has no client class with post() and makeRequest()')]);
  });

  it('gives its numbers to the framework’s call above, which is the same one', async () => {
    const above = startInference({ operation: 'chat', provider: 'openai', model: 'gpt-5-mini' });
    await above.run(() => client().chat.completions.create(ASK));
    above.end();
    expect(attached.onlyCall().attributes['gen_ai.usage.input_tokens']).toBe(attached.onlyEntry().usage.input);
  });

  it('knows Azure by its class, and asks for no more than its path', async () => {
    const azure = new AzureOpenAI({
      apiKey: 'none',
      apiVersion: '2025-01-01',
      baseURL: attached.server.openaiUrl,
      maxRetries: 0,
    });
    await azure.chat.completions.create(ASK).catch(() => undefined);
    expect(attached.onlyCall().attributes['gen_ai.provider.name']).toBe('azure.ai.openai');
  });
});
