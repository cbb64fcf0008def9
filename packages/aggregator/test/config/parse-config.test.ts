import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { listSettings } from '../../src/config/settings.ts';

const KEY = { name: 'shop', sha256: 'a'.repeat(64), tenants: ['shop'] };

function file(text: string): string {
  const name = path.join(mkdtempSync(path.join(tmpdir(), 'turnmeter-config-')), 'turnmeter.yaml');
  writeFileSync(name, text);
  return name;
}

function problemsOf(sources: Parameters<typeof parseConfig>[0]): readonly string[] {
  try {
    parseConfig(sources);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('parseConfig', () => {
  it('needs nothing and listens on loopback', () => {
    const config = parseConfig({ env: {} });
    expect(config.otlp).toMatchObject({ host: '127.0.0.1', http_port: 4318, grpc_port: 4317 });
    expect(config.http).toEqual({ host: '127.0.0.1', port: 8318 });
    expect(Object.isFrozen(config.otlp)).toBe(true);
  });

  it('lets the command line win over the environment and the environment over the file', () => {
    const sources = {
      file: file('http: {port: 1}\notlp: {http_port: 1, grpc_port: 1}'),
      env: { TURNMETER_HTTP_PORT: '2', TURNMETER_OTLP_HTTP_PORT: '2' },
    };
    const config = parseConfig({ ...sources, flags: { 'http.port': 3, 'otlp.host': undefined } });
    expect([config.http.port, config.otlp.http_port, config.otlp.grpc_port]).toEqual([3, 2, 1]);
  });

  it('reads what is true or false from the environment as such, and nothing else', () => {
    const env = (text: string): { env: Record<string, string> } => ({
      env: { TURNMETER_ALERTS_ALLOW_PRIVATE_TARGETS: text },
    });
    expect(parseConfig({ env: {} }).alerts.allow_private_targets).toBe(false);
    expect(parseConfig(env('true')).alerts.allow_private_targets).toBe(true);
    expect(parseConfig(env('False')).alerts.allow_private_targets).toBe(false);
    expect(problemsOf(env('yes')).join(' ')).toContain('alerts.allow_private_targets');
  });

  it('refuses a variable nobody knows and suggests the nearest', () => {
    expect(problemsOf({ env: { TURNMETER_OTLP_HTP_PORT: '1' } })).toEqual([
      'TURNMETER_OTLP_HTP_PORT is not a setting; did you mean "TURNMETER_OTLP_HTTP_PORT"?',
    ]);
  });

  it('refuses a setting nobody knows at its place in the file', () => {
    expect(problemsOf({ env: {}, file: file('otlp: {http_prt: 1}') })).toEqual([
      'otlp.http_prt is not a setting; did you mean "http_port"?',
    ]);
  });

  it('names every problem at once', () => {
    const problems = problemsOf({
      env: { TURNMETER_HTTP_PORT: 'x', TURNMETER_TRACE_QUIET_SECONDS: '-1' },
      file: file('keys: [{name: a}]'),
    });
    expect(problems).toHaveLength(4);
    expect(problems.join()).toMatch(/http\.port.*trace_quiet_seconds|trace_quiet_seconds.*http\.port/);
  });

  it('listens beyond loopback only with keys', () => {
    expect(problemsOf({ env: { TURNMETER_HTTP_HOST: '0.0.0.0' } })[0]).toMatch(/needs keys/);
    expect(
      problemsOf({ env: { TURNMETER_HTTP_HOST: '0.0.0.0' }, file: file(`keys: ${JSON.stringify([KEY])}`) }),
    ).toEqual([]);
  });

  it('says what is wrong with a file that is missing, no YAML or no map', () => {
    expect(problemsOf({ env: {}, file: '/nowhere/turnmeter.yaml' })[0]).toMatch(/cannot be read/);
    expect(problemsOf({ env: { TURNMETER_CONFIG: file('a: [') } })[0]).toMatch(/is not YAML/);
    expect(problemsOf({ env: {}, file: file('- a') })[0]).toMatch(/a list/);
  });

  it('reads headers as a map in a file and as text in the environment, and refuses what is neither', () => {
    const headersOf = (sources: { env: Record<string, string>; file?: string }): unknown =>
      parseConfig(sources).metrics.push.headers;
    const expected = { authorization: 'Bearer a=b', 'x-scope-orgid': 'acme' };
    expect(headersOf({ env: {}, file: file(`metrics: {push: {headers: ${JSON.stringify(expected)}}}`) })).toEqual(
      expected,
    );
    const variable = 'TURNMETER_METRICS_PUSH_HEADERS';
    expect(headersOf({ env: { [variable]: 'authorization=Bearer%20a%3Db, x-scope-orgid=acme' } })).toEqual(expected);
    expect(headersOf({ env: { [variable]: 'authorization=Bearer a=b' } })).toEqual({ authorization: 'Bearer a=b' });
    for (const wrong of ['secret', '=x', 'a=%zz'])
      expect(problemsOf({ env: { [variable]: wrong } })[0]).toMatch(/metrics\.push\.headers.*percent-encoded/);
  });

  it('lists every setting with a variable of its own and a description', () => {
    const settings = listSettings();
    const variables = settings.map(({ variable }) => variable).filter((name) => name !== '');
    expect(new Set(variables).size).toBe(variables.length);
    expect(settings.filter(({ description }) => description === '')).toEqual([]);
  });

  it('gives a configuration or a ConfigError for any environment', () => {
    const variable = fc.constantFrom(
      ...listSettings()
        .map(({ variable: name }) => name)
        .filter((name) => name !== ''),
      'TURNMETER_X',
    );
    fc.assert(
      fc.property(fc.dictionary(variable, fc.string()), (env) => {
        expect(Array.isArray(problemsOf({ env: { ...env, TURNMETER_CONFIG: '' } }))).toBe(true);
      }),
    );
  });
});
