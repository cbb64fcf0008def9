import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEngine, type RunningEngine } from '../running-engine.ts';

let engine: RunningEngine;
beforeAll(async () => {
  engine = await runEngine({ settings: { max_block_size: 4321 } });
});
afterAll(() => engine[Symbol.asyncDispose]());

async function setting(name: string, settings: Record<string, string | number> = {}): Promise<unknown> {
  const result = await engine.client.query({
    query: `SELECT getSetting('${name}') AS v`,
    clickhouse_settings: settings,
    format: 'JSONEachRow',
  });
  return (await result.json<{ v: unknown }>())[0]?.v;
}

describe('a setting', () => {
  it('holds for its query and not for the next', async () => {
    const before = await setting('max_threads');
    expect(await setting('max_threads', { max_threads: 7 })).toBe(7);
    expect(await setting('max_threads')).toBe(before);
    await engine.client.command({ query: 'SET max_threads = 9' });
    expect(await setting('max_threads')).toBe(before);
  });

  it('does not reach queries that run at the same time', async () => {
    const seen = await Promise.all(
      Array.from({ length: 100 }, (_, index) => setting('max_threads', { max_threads: (index % 50) + 1 })),
    );
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => (index % 50) + 1));
  });

  it('may be text with quotes, or a map', async () => {
    expect(await setting('log_comment', { log_comment: 'it\'s; \\ "x"' })).toBe('it\'s; \\ "x"');
    const result = await engine.client.query({
      query: 'SELECT number FROM numbers(5)',
      clickhouse_settings: { additional_result_filter: 'number > 3' },
      format: 'TabSeparated',
    });
    expect(await result.text()).toBe('4\n');
  });

  it('that is unknown or wrong is refused', async () => {
    await expect(setting('max_threads', { no_such_setting: 1 })).rejects.toMatchObject({
      code: '115',
      type: 'UNKNOWN_SETTING',
    });
    await expect(setting('max_threads', { max_threads: 'many' })).rejects.toMatchObject({ code: '27' });
    await expect(setting('max_threads', { 'x = 1; DROP TABLE t; SET y': 1 })).rejects.toMatchObject({ code: '115' });
  });

  it('may be given for the whole engine', async () => {
    expect(await setting('max_block_size')).toBe(4321);
    expect(await setting('max_block_size', { max_block_size: 99 })).toBe(99);
  });

  it('async_insert is off, and implicit SELECT too', async () => {
    expect(await setting('async_insert')).toBe(false);
    await expect(engine.client.command({ query: '1 + 1' })).rejects.toMatchObject({ code: '62' });
  });

  it('may be any that the engine has, at its default', async () => {
    const settings = await engine.rows<{ name: string; default: string }>(
      "SELECT name, default FROM system.settings WHERE tier != 'Obsolete' AND name NOT IN ('readonly', 'profile')",
    );
    expect(settings.length).toBeGreaterThan(1000);
    const clickhouse_settings = Object.fromEntries(settings.map(({ name, default: value }) => [name, value]));
    const result = await engine.client.query({ query: 'SELECT 1', clickhouse_settings, format: 'TabSeparated' });
    expect(await result.text()).toBe('1\n');
  });

  it('that would take away what the engine needs cannot be changed', async () => {
    await expect(setting('max_threads', { dialect: 'prql' })).rejects.toMatchObject({
      code: '452',
      type: 'SETTING_CONSTRAINT_VIOLATION',
    });
  });
});
