import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Field, GUESSED_RANK, listedSpellings, spellingOf } from '@turnmeter/accounting';

const NAMES = Object.fromEntries(Object.entries(Field).map(([name, field]) => [field, name]));

/** Name of the field that an attribute name spells, '' when it spells none. */
function fieldOf(name: string): string {
  const spelling = spellingOf(name);
  return spelling === undefined ? '' : (NAMES[spelling.field] ?? '');
}

const camel = (words: readonly string[]): string =>
  words.map((one, at) => (at === 0 ? one : one.slice(0, 1).toUpperCase() + one.slice(1))).join('');

describe('names nobody listed', () => {
  it.each([
    ['myagent.tokens.prompt', 'INPUT'],
    ['llm.completionTokens', 'OUTPUT'],
    ['llm.response.usage.prompt_tokens', 'INPUT'],
    ['openai.completion.tokens', 'OUTPUT'],
    ['tokens_in', 'INPUT'],
    ['acme.tokens_out', 'OUTPUT'],
    ['prompttokens', 'INPUT'],
    ['promptTokenCount', 'INPUT'],
    ['candidatesTokenCount', 'OUTPUT'],
    ['cachedContentTokenCount', 'CACHE_READ'],
    ['thoughtsTokenCount', 'REASONING'],
    ['usage.input', 'INPUT'],
    ['usage.total', 'TOTAL'],
    ['usage.prompt_tokens_details.cached_tokens', 'CACHE_READ'],
    ['cache_creation_1h_tokens', 'CACHE_WRITE_1H'],
    ['x.reasoning_output_tokens', 'REASONING'],
    ['ollama.prompt_eval_count', 'INPUT'],
    ['usage.audio_input_tokens', 'INPUT_AUDIO'],
    ['message.usage.input_tokens', 'INPUT'],
    ['aggregated_usage.input_tokens', 'SUM_INPUT'],
  ])('reads the count in %s as %s', (name, field) => {
    expect(fieldOf(name)).toBe(field);
  });

  it.each([
    'llm.max_tokens',
    'gen_ai.request.max_output_tokens',
    'budget.input_tokens',
    'usage.input_tokens_limit',
    'tokens.remaining',
    'input_tokens_per_second',
    'completion_tokens_cost',
    'llm.cost.prompt_tokens',
    'price.input_token',
    'avg_prompt_tokens',
    'estimated_prompt_tokens',
    'lifetime.usage.input_tokens',
    'session.total_tokens',
    'gen_ai.usage.tool_use_prompt_tokens',
    'system_prompt_tokens',
    'usage.uncached_input_tokens',
    'http.request.token',
    'auth.request_token',
    'oauth.access_token',
    'input_tokens_details.text_tokens',
    'tokenizer.output_tokens',
  ])('takes no tokens from %s', (name) => {
    expect(fieldOf(name)).not.toMatch(/^(INPUT|OUTPUT|TOTAL|CACHE|REASONING)/);
  });

  it.each([
    ['app.chat_id', 'CONVERSATION'],
    ['sessionId', 'SESSION'],
    ['my.speaker', 'AGENT'],
    ['acme.agent_name', 'AGENT'],
    ['team.name', 'WORKFLOW'],
    ['llm.vendor', 'PROVIDER'],
    ['acme.model', 'REQUEST_MODEL'],
    ['span.type', 'KIND'],
    ['llm.usage', 'USAGE_OBJECT'],
    ['llm.cost', 'COST_USD'],
  ])('reads %s as %s', (name, field) => {
    expect(fieldOf(name)).toBe(field);
  });

  it.each([
    'user_agent.name',
    'thread.id',
    'db.session.id',
    'process.memory.usage',
    'cloud.provider',
    'k8s.pod.name',
    'db.response',
  ])('leaves %s to those whom it concerns', (name) => {
    expect(fieldOf(name)).toBe('');
  });
});

describe('listed names in other clothes', () => {
  // What a Prometheus-minded Collector, a prefixing exporter and an upper-casing pipeline make of a name.
  it.each([
    ['underscored', (name: string) => name.replaceAll(/[.:]/g, '_')],
    ['prefixed', (name: string) => `attributes.${name}`],
    ['upper case', (name: string) => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()],
  ])('are known: %s', (_, dress) => {
    const strangers = [...listedSpellings()]
      // Names without a namespace have nothing to be recognized by.
      .filter(([name]) => /[.:]/.test(name))
      .filter(([name, { field }]) => spellingOf(dress(name))?.field !== field)
      .map(([name]) => name);
    expect(strangers).toEqual([]);
  });

  it('answer before guesses and after the names themselves', () => {
    const rank = spellingOf('gen_ai_usage_input_tokens')?.rank ?? -1;
    expect(rank).toBeGreaterThan(spellingOf('gen_ai.usage.input_tokens')?.rank ?? Number.POSITIVE_INFINITY);
    expect(rank).toBeLessThan(GUESSED_RANK);
  });
});

describe('any name', () => {
  const word = fc.constantFrom(
    'llm', 'gen', 'ai', 'usage', 'tokens', 'token', 'input', 'output', 'prompt', 'completion', 'total', 'cache', 'read', 'write', 'agent', 'acme',
    'count', 'reasoning', 'response', 'request', 'session', 'id', 'name',
  ); // prettier-ignore

  it('is read without failing and means one thing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (name) => {
        const spelling = spellingOf(name);
        expect(spelling).toEqual(spellingOf(name));
        expect(spelling === undefined || spelling.field in NAMES).toBe(true);
      }),
    );
  });

  it('is never a count when it speaks of a limit, a price or a rate', () => {
    const barred = fc.constantFrom(
      'max',
      'limit',
      'budget',
      'price',
      'cost',
      'per',
      'rate',
      'remaining',
      'avg',
      'estimated',
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), barred, fc.nat(5), (words, bar, at) => {
        const name = [...words.slice(0, at), bar, ...words.slice(at)].join('.');
        expect(fieldOf(name)).not.toMatch(/^(INPUT|OUTPUT|TOTAL|CACHE|REASONING|SUM)/);
      }),
    );
  });

  it('means the same with dots, underscores, dashes and in camel case', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 5 }), (words) => {
        const fields = [words.join('_'), words.join('-'), camel(words)].map(fieldOf);
        expect(new Set(fields).size).toBe(1);
      }),
    );
  });

  it('is passed over when it is longer than a name', () => {
    expect(spellingOf(`${'prompt_'.repeat(150_000)}tokens`)).toBeUndefined();
  });
});
