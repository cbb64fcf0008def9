import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const http = (url: string, rest: Partial<PlainSpan> = {}): PlainSpan =>
  span('http', 'never-sent', {
    name: 'POST',
    kind: 3,
    attributes: { 'url.full': url, 'http.request.method': 'POST' },
    ...rest,
  });

describe('http requests to models', () => {
  it.each([
    ['https://api.openai.com/v1/chat/completions', 'openai'],
    ['https://api.openai.com/v1/responses', 'openai'],
    [
      'https://acme.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=2026-01-01',
      'azure.ai.openai',
    ],
    ['https://api.anthropic.com/v1/messages', 'anthropic'],
    [
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
      'gcp.gemini',
    ],
    ['https://bedrock-runtime.eu-west-1.amazonaws.com/model/eu.anthropic.claude-opus-5/converse-stream', 'aws.bedrock'],
    ['https://openrouter.ai/api/v1/chat/completions', 'openrouter'],
    ['http://127.0.0.1:11434/api/chat', ''],
  ])('are calls of which no more is known where the caller never reports: %s', (url, provider) => {
    const { entries, totals } = account({ spans: [http(url)] });
    expect(totals).toMatchObject({ inferences: 1, input: 0 });
    expect(entries[0]).toMatchObject({ usageSource: 'missing', reason: 'model_request_without_span', provider });
  });

  it.each([
    'https://api.openai.com/v1/models',
    'https://api.openai.com/v1/responses/resp_1',
    'https://api.anthropic.com/v1/messages/count_tokens',
    'https://example.com/chat',
    'https://example.com/api/messages?id=7',
    'https://example.com/v1/completions/logs',
  ])('are not those to %s', (url) => {
    expect(account({ spans: [http(url)] }).totals).toMatchObject({ inferences: 0 });
  });

  it('are not those that fetch, nor those that a gateway answers', () => {
    const url = 'https://api.openai.com/v1/responses';
    expect(
      account({ spans: [http(url, { attributes: { 'http.url': url, 'http.method': 'GET' } })] }).totals.inferences,
    ).toBe(0);
    expect(account({ spans: [http(url, { kind: 2 })] }).totals.inferences).toBe(0);
  });

  it('are not counted beside the call that made them', () => {
    const { totals } = account({
      spans: [
        span('never-sent', '', {
          kind: 3,
          attributes: {
            'gen_ai.operation.name': 'chat',
            'gen_ai.usage.input_tokens': 5,
            'gen_ai.usage.output_tokens': 3,
          },
        }),
        http('https://api.openai.com/v1/chat/completions'),
      ],
    });
    expect(totals).toMatchObject({ inferences: 1, input: 5 });
  });

  it('name the model of the path and the failure of the answer', () => {
    const url = 'https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-opus-5%3A0/invoke';
    const { entries } = account({
      spans: [http(url, { attributes: { 'url.full': url, 'http.response.status_code': 429 } })],
    });
    expect(entries[0]).toMatchObject({
      model: 'us.anthropic.claude-opus-5:0',
      error: '429',
      errors: 1,
      usageSource: 'none',
    });
  });
});
