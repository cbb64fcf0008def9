import { describe, expect, it } from 'vitest';
import { errorClass } from '../../src/observe/error-class.ts';

describe('the class of a failure', () => {
  it.each([
    ['RateLimitError', 'RateLimitError'],
    ['openai.RateLimitError', 'openai.RateLimitError'],
    ['429', '429'],
    ['insufficient_quota', 'insufficient_quota'],
    ['RateLimitError: Error code: 429 - {"prompt": "secret"}', 'RateLimitError'],
    ["BadRequestError('the prompt secret is too long')", 'BadRequestError'],
    ["<class 'openai.RateLimitError'>", 'openai.RateLimitError'],
  ])('%s is %s', (named, expected) => {
    expect(errorClass(named)).toBe(expected);
  });

  it.each(['you are a helpful assistant, secret', 'Error code: 400 - secret', '<secret text>'])(
    'is not the message "%s"',
    (named) => {
      expect(errorClass(named)).toBe('_OTHER');
    },
  );

  it('is short', () => {
    expect(errorClass('x'.repeat(10_000))).toHaveLength(100);
  });
});
