import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerDatabase, openLedger } from '../query/ledger.ts';
import { runEngine, type RunningEngine } from '../save/running-engine.ts';
import { type RunningApi, runApi } from './running-api.ts';

let engine: RunningEngine;
let ledger: LedgerDatabase;
let api: RunningApi;
beforeAll(async () => {
  engine = await runEngine();
  ledger = await openLedger(engine.url);
  api = await runApi(ledger);
});
afterAll(async () => {
  await api.stop();
  await ledger.close();
  await engine.stop();
});

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

async function operations(): Promise<readonly Operation[]> {
  const { paths } = (await api.get('/api/v1/openapi.json')).body;
  return Object.values(paths).flatMap((methods) => Object.values(methods as Record<string, Operation>));
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { status, headers, body } = await api.get('/api/v1/openapi.json');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(body.openapi).toBe('3.1.0');
    expect(await new Validator().validate(body)).toMatchObject({ valid: true });
  });

  it('is there for those without a key, who would not know how to ask', async () => {
    const closed = await runApi(ledger, { keys: [{ name: 'k', sha256: '0'.repeat(64), tenants: '*', scope: 'all' }] });
    expect((await closed.get('/api/v1/openapi.json')).status).toBe(200);
    expect((await closed.get('/api/v1/sessions')).status).toBe(401);
    await closed.stop();
  });

  it('says of every operation what it is for, and of every parameter what it means', async () => {
    const all = await operations();
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
    for (const { summary, tags, parameters = [], responses } of all) {
      expect(summary).toMatch(/^[A-Z].{10,}[^.]$/);
      expect(tags).toHaveLength(1);
      expect(parameters.filter(({ description }) => (description ?? '') === '')).toEqual([]);
      for (const { description } of Object.values(responses)) expect(description).not.toBe('Default Response');
    }
  });

  it('names its schemas once', async () => {
    const { components } = (await api.get('/api/v1/openapi.json')).body;
    const names = Object.keys(components.schemas);
    expect(names).toEqual(
      expect.arrayContaining(['Session', 'SessionDetail', 'Workflow', 'Assessment', 'Explanation', 'Problem']),
    );
    expect(names.filter((name) => name.endsWith('Input'))).toEqual([]);
  });
});
