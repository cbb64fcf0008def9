// Makes for each tenant of make-secrets what a file cannot: views on its rows in ClickHouse, an organization in Grafana. It can run again at any time, and has
// to after an upgrade with migrations and after `make-secrets --add`. Needs Node and nothing else.
//
// node grafana/src/access/admit-tenants.ts

import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessError } from './access-error.ts';
import { GrafanaApi } from './grafana-api.ts';
import { call } from './http-call.ts';
import { makeOrganization, setHome } from './organization.ts';
import { type Account, readSettings, type Settings } from './settings.ts';
import { tenantStatements } from './tenant-views.ts';

/** Grafana's own first organization, which provisioning fills. */
const OPERATORS = 1;
const HOME_OF_OPERATORS = 'turnmeter-overview';
/** As in provisioning/datasources. */
const ALERTMANAGER_UID = 'turnmeter-alertmanager';
/** ClickHouse looks at its files of users every two seconds: one who was added just now may not be known yet. */
const ATTEMPTS_MAX = 15;
const ATTEMPT_MS = 2000;

try {
  await admit(readSettings(process.env));
} catch (error) {
  if (!(error instanceof AccessError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}

async function admit(settings: Settings): Promise<void> {
  const api = new GrafanaApi(settings.grafana);
  for (const tenant of settings.tenants) {
    for (const sql of tenantStatements(tenant.tenant)) await runWhenKnown(settings.clickhouse, sql);
    await makeOrganization(api, tenant, settings);
    process.stdout.write(`${tenant.tenant}: reads its rows in Grafana as ${tenant.tenant}-viewer\n`);
  }
  await setHome(api, HOME_OF_OPERATORS, OPERATORS);
  await sendAlerts(api);
}

/** What Grafana evaluates goes where Prometheus' alerts go, and not to Grafana's own contact points as well; or there, where nobody has an Alertmanager. */
async function sendAlerts(api: GrafanaApi): Promise<void> {
  const alertmanager = await api.find(`/api/datasources/uid/${ALERTMANAGER_UID}`, OPERATORS);
  const body = { alertmanagersChoice: alertmanager === undefined ? 'internal' : 'external' };
  await api.do({ method: 'POST', path: '/api/v1/ngalert/admin_config', body, organization: OPERATORS });
}

async function runWhenKnown(account: Account, sql: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await run(account, sql);
      return;
    } catch (error) {
      const isUnknownUser = error instanceof AccessError && /UNKNOWN_USER|There is no user/.test(error.message);
      if (!isUnknownUser || attempt === ATTEMPTS_MAX) throw error;
      await delay(ATTEMPT_MS);
    }
  }
}

async function run({ url, user, password }: Account, sql: string): Promise<void> {
  await call({
    method: 'POST',
    url,
    headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password },
    body: sql,
    what: `ClickHouse, ${sql.split('\n')[0] ?? ''}`,
  });
}
