import { describe, expect, it } from 'vitest';
import { expandPromql, expandSql } from '../../src/query/expand.ts';
import type { Variables } from '../../src/query/interpolate.ts';
import { chosen, isAmong } from '../../src/query/selected.ts';

const RANGE = { fromMs: 1_415_792_726_371, toMs: 1_447_328_726_371, intervalMs: 20_000 };

describe('macros', () => {
  // From pkg/macros/macros_test.go of the plugin, version 4.20.0.
  it.each([
    ['$__fromTime', 'toDateTime(1415792726)'],
    ['$__toTime_ms', 'fromUnixTimestamp64Milli(1447328726371)'],
    ['$__dateFilter(day)', "day >= toDate('2014-11-12') AND day <= toDate('2015-11-12')"],
    ['$__timeFilter(f(a, b))', 'f(a, b) >= toDateTime(1415792726) AND f(a, b) <= toDateTime(1447328726)'],
    ['$__timeFilter(f(a))', 'f(a) >= toDateTime(1415792726) AND f(a) <= toDateTime(1447328726)'],
    ['$__timeInterval(col)', 'toStartOfInterval(toDateTime(col), INTERVAL 20 second)'],
    ['$__timeInterval_ms(col)', 'toStartOfInterval(toDateTime64(col, 3), INTERVAL 20000 millisecond)'],
    ['$__interval_s', '20'],
  ])('are written out: %s', (sql, expected) => {
    expect(expandSql(sql, RANGE, {})).toBe(expected);
  });

  it('that nobody knows are refused', () => {
    expect(() => expandSql('$__timeFliter(a)', RANGE, {})).toThrow('$__timeFliter');
  });
});

describe('variables', () => {
  const all = { value: '$__all', allValue: '.*' };

  it('reach ClickHouse without any character that means something to it', () => {
    const value = String.raw`\' OR 1=1 -- $__toTime ${'${tenant}'} ü`;
    const sql = expandSql(chosen('tenant'), RANGE, { tenant: { value } });
    expect(sql).toMatch(/^decodeURLComponent\('[\w.~%-]*'\)$/);
  });

  it('of several values are told apart', () => {
    const sql = expandSql(isAmong('workflow', 'workflow'), RANGE, { workflow: { value: ['a&v=b', 'c'] } });
    expect(sql).toContain("'v=a%26v%3Db&v=c'");
  });

  it('of all values ask for no value', () => {
    expect(expandSql(isAmong('workflow', 'workflow'), RANGE, { workflow: all })).toContain("'.*' = '.*'");
  });

  it('that a value is called like all of are asked for by name', () => {
    const sql = expandSql(isAmong('workflow', 'workflow'), RANGE, { workflow: { value: ['.*'] } });
    expect(sql).toContain("'v=.%2A' = '.*'");
  });

  it('reach Prometheus as parts of a regular expression', () => {
    const expr = 'm{tenant=~"$tenant"}[$__rate_interval]';
    const of = (...value: string[]): Variables => ({ tenant: { value, isMulti: true } });
    expect(expandPromql(expr, RANGE, of('a.b', 'c'))).toBe('m{tenant=~"(a\\\\.b|c)"}[60s]');
    expect(expandPromql(expr, RANGE, of('"'))).toBe(String.raw`m{tenant=~"\\\""}[60s]`);
    expect(expandPromql(expr, RANGE, of('\\'))).toBe(String.raw`m{tenant=~"\\\\"}[60s]`);
    expect(expandPromql(expr, RANGE, { tenant: all })).toBe('m{tenant=~".*"}[60s]');
  });

  it('of one value reach Prometheus as a string, or as they are where they look like a matcher', () => {
    const tenant = (value: string): string => expandPromql('m{tenant="$tenant"}', RANGE, { tenant: { value } });
    expect(tenant('a.b')).toBe('m{tenant="a.b"}');
    expect(tenant(String.raw`a\"b`)).toBe(String.raw`m{tenant="a\\\"b"}`);
    expect(tenant('a="b"')).toBe('m{tenant="a="b""}');
  });
});
