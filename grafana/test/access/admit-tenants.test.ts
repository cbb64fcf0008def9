// The program of the service `tenants` in docker-compose.yml, against a server that answers as far as Grafana and ClickHouse would. What they make of it is
// not tried here: there is no Grafana to be had, and the SQL is tried in the engine by ../security/isolation.test.ts.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const SOURCES = path.join(import.meta.dirname, '../../src');
const TENANTS = ['acme', 'globex'].map((tenant) => ({
  tenant,
  clickhouse_password: `clickhouse-password-of-${tenant}`,
  grafana_password: `grafana-password-of-${tenant}`,
}));

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly organization: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

let directory: string;
let server: Server;
let url: string;
let asked: Asked[];
let statements: string[];
/** Answers to statements, from the first on; all that follow succeed. */
let failures: string[];
/** What Grafana has: organizations, data sources, folders and users, by the path that finds them. */
let there: Map<string, { readonly id: number }>;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-admit-'));
  asked = [];
  statements = [];
  failures = [];
  there = new Map();
  server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => response.writeHead(status).end(JSON.stringify(body)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // As docker-compose.yml mounts it: the sources alone, without packages.
  await cp(SOURCES, path.join(directory, 'src'), { recursive: true });
  await mkdir(path.join(directory, 'dashboards'));
  await writeDashboard('workflow', ['turnmeter', 'tenant']);
  await writeDashboard('overview', ['turnmeter', 'operator']);
  await writeFile(path.join(directory, 'tenants.json'), JSON.stringify(TENANTS));
  await writeFile(path.join(directory, 'password'), 'of-the-administrator\n');
});
afterEach(async () => {
  server.close();
  await rm(directory, { recursive: true, force: true });
});

describe('admit-tenants', () => {
  it('gives each tenant an organization with one data source, which reads as that tenant', async () => {
    await admit();
    const sources = asked.filter((one) => one.method === 'POST' && one.path === '/api/datasources');
    expect(sources.map(({ organization, body }) => ({ organization, ...body }))).toMatchObject([
      {
        organization: '2',
        type: 'grafana-clickhouse-datasource',
        uid: 'turnmeter-clickhouse',
        jsonData: { host: '127.0.0.1', defaultDatabase: 'tenant_acme', username: 'grafana_tenant_acme' },
        secureJsonData: { password: 'clickhouse-password-of-acme' },
      },
      {
        organization: '3',
        jsonData: { defaultDatabase: 'tenant_globex', username: 'grafana_tenant_globex' },
        secureJsonData: { password: 'clickhouse-password-of-globex' },
      },
    ]);
  });

  it('puts into them the dashboards for tenants only', async () => {
    await admit();
    const dashboards = asked.filter((one) => one.path === '/api/dashboards/db');
    expect(dashboards.map(({ organization, body }) => [organization, body['dashboard'], body['folderUid']])).toEqual([
      ['2', { id: null, uid: 'turnmeter-workflow', tags: ['turnmeter', 'tenant'] }, 'turnmeter'],
      ['3', { id: null, uid: 'turnmeter-workflow', tags: ['turnmeter', 'tenant'] }, 'turnmeter'],
    ]);
  });

  it('lets somebody look who is a viewer there and nothing anywhere else', async () => {
    await admit();
    const people = asked.filter((one) => one.path === '/api/admin/users').map(({ body }) => body);
    expect(people).toMatchObject([
      { login: 'acme-viewer', password: 'grafana-password-of-acme', OrgId: 2 },
      { login: 'globex-viewer', password: 'grafana-password-of-globex', OrgId: 3 },
    ]);
    const roles = asked.filter((one) => one.method === 'PATCH' && one.path.startsWith('/api/orgs/'));
    expect(roles.map(({ path: at, body }) => [at, body['role']])).toEqual([
      [expect.stringMatching(/^\/api\/orgs\/2\/users\/\d+$/), 'Viewer'],
      [expect.stringMatching(/^\/api\/orgs\/3\/users\/\d+$/), 'Viewer'],
    ]);
  });

  it('makes the views before anybody can ask them', async () => {
    await admit();
    expect(statements[0]).toBe('CREATE DATABASE IF NOT EXISTS tenant_acme');
    expect(statements.filter((sql) => sql.startsWith('CREATE OR REPLACE VIEW tenant_globex.'))).toHaveLength(16);
  });

  it('brings up to date what is there, and leaves people and their roles alone', async () => {
    await admit();
    asked = [];
    await admit();
    expect(
      asked.filter(({ method, path: at }) => method === 'POST' && /orgs|folders|datasources|users/.test(at)),
    ).toEqual([]);
    expect(asked.filter(({ method }) => method === 'PUT').map(({ path: at }) => at)).toEqual([
      '/api/datasources/uid/turnmeter-clickhouse',
      '/api/datasources/uid/turnmeter-clickhouse',
    ]);
    expect(asked.filter(({ path: at }) => /^\/api\/orgs\/\d+\/users/.test(at))).toEqual([]);
  });

  it('has Grafana send its alerts to Alertmanager, where there is one', async () => {
    const choices = (): readonly unknown[] =>
      asked
        .filter(({ path: at }) => at === '/api/v1/ngalert/admin_config')
        .map(({ organization, body }) => [organization, body]);
    await admit();
    expect(choices()).toEqual([['1', { alertmanagersChoice: 'internal' }]]);
    asked = [];
    there.set('1/api/datasources/uid/turnmeter-alertmanager', { id: 3 });
    await admit();
    expect(choices()).toEqual([['1', { alertmanagersChoice: 'external' }]]);
  });

  it('waits until ClickHouse has read its file of users', async () => {
    failures = ['Code: 192. DB::Exception: There is no user `rows_of_acme` in user directories. (UNKNOWN_USER)'];
    failures.unshift('');
    await admit();
    expect(statements.slice(1, 3)[0]).toBe(statements.slice(1, 3)[1]);
  });

  it('says what went wrong and where, without a password', async () => {
    failures = ['Code: 497. DB::Exception: turnmeter: Not enough privileges. (ACCESS_DENIED)'];
    const error = await admit().catch(
      (reason: unknown) => reason as { readonly stderr: string; readonly code: number },
    );
    expect(error).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^refused: ClickHouse, CREATE DATABASE IF NOT EXISTS tenant_acme: expected success, received 500 "Code: 497/,
      ) as string,
    });
    expect(error).not.toHaveProperty('stderr', expect.stringContaining('password-of'));
  });

  it('does nothing without all of its settings', async () => {
    await writeFile(path.join(directory, 'tenants.json'), '[{"tenant":"acme"}]');
    await expect(admit()).rejects.toMatchObject({
      stderr: expect.stringMatching(/^bad_settings: .*clickhouse_password of item 0/) as string,
    });
    expect([...asked, ...statements]).toEqual([]);
  });
});

async function writeDashboard(name: string, tags: readonly string[]): Promise<void> {
  const file = path.join(directory, 'dashboards', `${name}.json`);
  await writeFile(file, JSON.stringify({ id: 7, uid: `turnmeter-${name}`, tags }));
}

async function admit(): Promise<void> {
  await run(process.execPath, [path.join(directory, 'src/access/admit-tenants.ts')], {
    env: {
      CLICKHOUSE_URL: url,
      CLICKHOUSE_PASSWORD_FILE: path.join(directory, 'password'),
      GRAFANA_URL: url,
      GRAFANA_PASSWORD_FILE: path.join(directory, 'password'),
      TENANTS_FILE: path.join(directory, 'tenants.json'),
      DASHBOARDS_DIR: path.join(directory, 'dashboards'),
    },
  });
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answer(request: IncomingMessage): Promise<Answer> {
  const { method = '', url: at = '', headers } = request;
  const body = await text(request);
  if (!at.startsWith('/api/')) {
    statements.push(body);
    const failure = failures.shift() ?? '';
    return { status: failure === '' ? 200 : 500, body: failure };
  }
  expect(headers.authorization).toBe(`Basic ${Buffer.from('admin:of-the-administrator').toString('base64')}`);
  const organization = headers['x-grafana-org-id'] as string | undefined;
  const fields = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
  asked.push({ method, path: at, organization, authorization: headers.authorization, body: fields });
  if (method === 'GET') {
    const found = there.get(`${organization ?? ''}${at}`);
    return found === undefined ? { status: 404, body: { message: 'not found' } } : { status: 200, body: found };
  }
  return { status: 200, body: make(at, fields, organization ?? '') };
}

/** Grafana's own organization and administrator are 1. */
function make(at: string, body: Readonly<Record<string, unknown>>, organization: string): object {
  const id = 2 + [...there.keys()].filter((key) => key.startsWith('/api/orgs/name/')).length;
  if (at === '/api/orgs') {
    there.set(`/api/orgs/name/${String(body['name'])}`, { id });
    return { orgId: id };
  }
  if (at === '/api/datasources') there.set(`${organization}/api/datasources/uid/${String(body['uid'])}`, { id: 1 });
  if (at === '/api/folders') there.set(`${organization}/api/folders/${String(body['uid'])}`, { id: 1 });
  if (at === '/api/admin/users') {
    there.set(`/api/users/lookup?loginOrEmail=${String(body['login'])}`, { id: 40 + id });
    return { id: 40 + id };
  }
  return {};
}
