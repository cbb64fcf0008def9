import { describe, expect, it } from 'vitest';
import type { PlainSpan } from '@turnmeter/accounting';
import { account, span } from '../account.ts';

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.system': 'openai',
  'gen_ai.request.model': 'gpt-4.1-mini',
};

const client = (rest: PlainSpan['attributes'], status = 0): PlainSpan =>
  span(`c${status}`, '', {
    kind: 3,
    status,
    scope: '@opentelemetry/instrumentation-openai',
    attributes: { ...CHAT, ...rest },
  });

describe('the OpenAI client instrumentation', () => {
  it('counts calls, and says by what name a failed one failed', () => {
    const figures = account({
      spans: [
        client({
          'gen_ai.response.id': 'chatcmpl-1',
          'gen_ai.usage.input_tokens': 100,
          'gen_ai.usage.output_tokens': 20,
        }),
        client({ 'error.type': 'BadRequestError' }, 2),
      ],
    });
    expect(figures.totals).toMatchObject({ inferences: 2, errors: 1, input: 100, output: 20 });
    expect(figures.entries.find(({ errors }) => errors === 1)).toMatchObject({
      error: 'BadRequestError',
      usageSource: 'none',
    });
    // Nothing names an agent or a session: they are shown as unattributed.
    expect([...figures.by('session').keys()]).toEqual(['']);
  });
});
