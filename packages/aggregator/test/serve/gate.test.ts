import { describe, expect, it } from 'vitest';
import { Gate } from '../../src/serve/gate.ts';

const TOO_MANY = expect.objectContaining({ status: 429, code: 'too_many_at_once', retryAfterSeconds: 2 });

describe('a gate', () => {
  it('lets in as many as it may, and another when one has left', () => {
    const gate = new Gate({ name: 'exports', max: 2 });
    const leave = gate.enter('a');
    gate.enter('b');
    expect(() => gate.enter('c')).toThrow(TOO_MANY);
    leave();
    // Leaving twice gives back one place.
    leave();
    gate.enter('c');
    expect(() => gate.enter('d')).toThrow('Too many exports at once: expected at most 2. Ask again in a moment.');
  });

  it('keeps places for other tenants', () => {
    const gate = new Gate({ name: 'requests', max: 3, maxEach: 2 });
    const leave = gate.enter('greedy');
    gate.enter('greedy');
    expect(() => gate.enter('greedy')).toThrow('Too many requests at once: expected at most 2 of one tenant.');
    gate.enter('modest');
    expect(() => gate.enter('modest')).toThrow(TOO_MANY);
    leave();
    gate.enter('modest');
  });
});
