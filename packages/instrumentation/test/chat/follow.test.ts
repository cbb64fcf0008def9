import { AsyncLocalStorage } from 'node:async_hooks';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { currentSession, groupChat, recordCall, type GroupChat } from '../../src/index.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  vi.useRealTimers();
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

function startChat(turnTimeoutMs?: number): GroupChat {
  recording = record(turnTimeoutMs === undefined ? {} : { config: { turnTimeoutMs } });
  return groupChat({ workflow: 'blog', session: 's-1' });
}

function outcomes(): readonly unknown[] {
  return (recording?.spans() ?? [])
    .filter(({ name }) => name.startsWith('invoke_agent'))
    .map(({ attributes }) => attributes['turnmeter.turn.outcome']);
}

const CALL = { usage: { input: 10, output: 1 }, model: 'gpt-5-mini' };

describe('what a turn returns', () => {
  it('comes back as it is where it is a value, and the turn is over', () => {
    const chat = startChat();
    const list = [1, 2];
    expect(chat.turn({ agent: 'A' }, () => 7)).toBe(7);
    expect(chat.turn({ agent: 'A' }, () => undefined)).toBeUndefined();
    expect(chat.turn({ agent: 'A' }, () => list)).toBe(list);
    expect(outcomes()).toEqual(['completed', 'completed', 'completed']);
  });

  it('is thrown as it is', async () => {
    const chat = startChat();
    const failure = new RangeError('no');
    expect(() =>
      chat.turn({ agent: 'A' }, () => {
        throw failure;
      }),
    ).toThrow(failure);
    await expect(chat.turn({ agent: 'A' }, () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(chat.turn({ agent: 'A' }, () => Promise.reject(undefined))).rejects.toBeUndefined();
    expect(outcomes()).toEqual(['failed', 'failed', 'failed']);
  });

  it('ends it as stopped where the caller aborted', async () => {
    const chat = startChat();
    const control = new AbortController();
    const waiting = chat.turn(
      { agent: 'A' },
      () =>
        new Promise((_, reject) => {
          control.signal.addEventListener('abort', () => reject(control.signal.reason));
        }),
    );
    control.abort();
    await expect(waiting).rejects.toBe(control.signal.reason);
    expect(outcomes()).toEqual(['stopped']);
    expect(recording?.span('invoke_agent A').status.code).toBe(0);
  });

  it('keeps the class of a promise of the app’s own, and asks it only when the app does', async () => {
    const chat = startChat();
    /** Like a query builder: it runs each time when it is asked. */
    class Query implements PromiseLike<string> {
      runs = 0;
      // oxlint-disable-next-line unicorn/no-thenable -- It is what is tested.
      then<A = string, B = never>(
        onValue?: ((value: string) => A | PromiseLike<A>) | null,
        onError?: ((error: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        this.runs++;
        recordCall(CALL);
        return Promise.resolve('rows').then(onValue, onError);
      }
    }
    const query = new Query();
    const returned = chat.turn({ agent: 'A' }, () => query);
    expect(returned).toBe(query);
    expect(query.runs).toBe(0);
    expect(outcomes()).toEqual([]);
    expect(await returned).toBe('rows');
    expect(query.runs).toBe(1);
    expect(outcomes()).toEqual(['completed']);
    // It ran when it was asked, and for the agent all the same.
    expect(chat.figures().agents['A']?.inferences).toBe(1);
  });

  it('is a client’s promise with all that it can do', async () => {
    const chat = startChat();
    /** As OpenAI's: the base promise is a shell, and each way of asking is a method of its own. */
    class ApiPromise<T> extends Promise<T> {
      parsed = 0;
      readonly #value: T;
      constructor(value: T) {
        super((resolve) => resolve(undefined as T));
        this.#value = value;
      }
      parse(): Promise<T> {
        this.parsed++;
        return Promise.resolve(this.#value);
      }
      asResponse(): Promise<string> {
        return Promise.resolve('raw');
      }
      // oxlint-disable-next-line unicorn/no-thenable -- It is what is tested.
      override then<A = T, B = never>(
        onValue?: ((value: T) => A | PromiseLike<A>) | null,
        onError?: ((error: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        return this.parse().then(onValue, onError);
      }
      override finally(onEnd?: (() => void) | null): Promise<T> {
        return this.parse().finally(onEnd);
      }
    }
    const raw = new ApiPromise('text');
    const returned = chat.turn({ agent: 'A' }, () => raw);
    expect(returned).toBe(raw);
    expect(await returned.asResponse()).toBe('raw');
    expect(raw.parsed).toBe(0);
    expect(await chat.turn({ agent: 'B' }, () => new ApiPromise('text'))).toBe('text');
    expect(await chat.turn({ agent: 'C' }, () => new ApiPromise('text')).finally(() => undefined)).toBe('text');
    expect(outcomes()).toEqual(['completed', 'completed', 'completed']);
  });

  it('is followed where it is a promise of another realm, as in Jest', async () => {
    const chat = startChat();
    const foreign = runInNewContext('Promise.resolve(7)') as Promise<number>;
    expect(await chat.turn({ agent: 'A' }, () => foreign)).toBe(7);
    expect(outcomes()).toEqual(['completed']);
  });

  it('still makes noise where the app forgot to handle a rejection', async () => {
    const chat = startChat();
    const failure = new Error('forgotten');
    const noticed = new Promise((resolve) => {
      const others = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection');
      process.once('unhandledRejection', (reason) => {
        for (const other of others) process.on('unhandledRejection', other);
        resolve(reason);
      });
    });
    void chat.turn({ agent: 'A' }, () => Promise.reject(failure));
    expect(await noticed).toBe(failure);
  });

  it('does not drag its context into what the app does next', async () => {
    const chat = startChat();
    const place = new AsyncLocalStorage<string>();
    await place.run('outside', async () => {
      await chat.turn({ agent: 'A' }, async () => Promise.resolve());
      expect(currentSession()).toBeUndefined();
      await chat.turn({ agent: 'A' }, () => Promise.resolve()).then(() => expect(currentSession()).toBeUndefined());
      expect(place.getStore()).toBe('outside');
    });
  });

  it('may be something that cannot be looked at', () => {
    const chat = startChat();
    const shy = new Proxy(
      {},
      {
        get() {
          throw new Error('do not look');
        },
      },
    );
    expect(chat.turn({ agent: 'A' }, () => shy)).toBe(shy);
    expect(outcomes()).toEqual(['completed']);
  });
});

describe('a turn that is a generator', () => {
  it('is in its turn at each step, and over at its end', async () => {
    const chat = startChat();
    const stream = chat.turn({ agent: 'A' }, async function* (turn) {
      turn.recordCall({ ...CALL, responseId: 'g-1' });
      yield 'one';
      await Promise.resolve();
      recordCall({ ...CALL, responseId: 'g-2' });
      expect(currentSession()?.session).toBe('s-1');
      yield 'two';
      return 'end';
    });
    const seen: string[] = [];
    for await (const part of stream) {
      seen.push(part);
      // The reader's own calls are the reader's.
      expect(currentSession()).toBeUndefined();
      expect(outcomes()).toEqual([]);
    }
    expect(seen).toEqual(['one', 'two']);
    expect(outcomes()).toEqual(['completed']);
    expect(chat.figures().agents['A']).toMatchObject({ inferences: 2, turns: 1 });
  });

  it('is the very generator, whose parts and result come through', async () => {
    const chat = startChat();
    let made: object | undefined;
    const echo = async function* (): AsyncGenerator<number, string, number> {
      const got = yield 1;
      return `got ${got}`;
    };
    const stream = chat.turn({ agent: 'A' }, () => {
      const generator = echo();
      made = generator;
      return generator;
    });
    expect(stream).toBe(made);
    expect(await stream.next(0)).toEqual({ done: false, value: 1 });
    expect(await stream.next(5)).toEqual({ done: true, value: 'got 5' });
    expect(await stream.next(6)).toEqual({ done: true, value: undefined });
    expect(outcomes()).toEqual(['completed']);
  });

  it('is stopped by break, failed by what it throws, and goes on after what it catches', async () => {
    const chat = startChat();
    const counting = async function* (): AsyncGenerator<number> {
      try {
        for (let at = 0; ; at++) yield at;
      } catch {
        yield -1;
      }
    };
    for await (const part of chat.turn({ agent: 'A' }, counting)) if (part === 2) break;
    const caught = chat.turn({ agent: 'B' }, counting);
    await caught.next();
    expect(await caught.throw(new Error('in'))).toEqual({ done: false, value: -1 });
    expect(outcomes()).toEqual(['stopped']);
    await caught.next();
    const failure = new RangeError('out');
    const failing = chat.turn({ agent: 'C' }, async function* () {
      yield 1;
      throw failure;
    });
    await failing.next();
    await expect(failing.next()).rejects.toBe(failure);
    expect(outcomes()).toEqual(['stopped', 'completed', 'failed']);
  });

  it('may be a plain one', () => {
    const chat = startChat();
    const parts = chat.turn({ agent: 'A' }, function* () {
      recordCall(CALL);
      yield 1;
      yield 2;
    });
    expect([...parts]).toEqual([1, 2]);
    expect(outcomes()).toEqual(['completed']);
    expect(chat.figures().agents['A']?.inferences).toBe(1);
  });

  it('is abandoned where nobody reads on, and took as long as it was read', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const chat = startChat(60_000);
    const stream = chat.turn({ agent: 'A' }, async function* () {
      yield 1;
      yield 2;
    });
    await stream.next();
    vi.advanceTimersByTime(59_999);
    expect(outcomes()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(outcomes()).toEqual(['abandoned']);
    expect(chat.figures().agents['A']).toMatchObject({ turns: 1 });
    expect(chat.figures().responseMs).toBeLessThan(10_000);
    // Whoever reads on after all gets what there is.
    expect(await stream.next()).toEqual({ done: false, value: 2 });
  });

  it('may be a stream of a class that is iterated', async () => {
    const chat = startChat();
    class Stream implements AsyncIterable<number> {
      async *[Symbol.asyncIterator](): AsyncGenerator<number> {
        recordCall(CALL);
        yield 1;
      }
    }
    const stream = new Stream();
    const returned = chat.turn({ agent: 'A' }, async () => stream);
    expect(await returned).toBe(stream);
    const direct = chat.turn({ agent: 'B' }, () => stream);
    expect(direct).toBe(stream);
    expect(outcomes()).toEqual(['completed']);
    for await (const part of direct) expect(part).toBe(1);
    expect(outcomes()).toEqual(['completed', 'completed']);
    expect(chat.figures().agents['B']?.inferences).toBe(1);
  });
});
