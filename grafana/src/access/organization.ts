// In: a tenant. Out: its organization in Grafana, with one data source that reads its rows, its dashboards, and somebody who may look at them. What is
// there already is brought up to date; people and their roles are left as they are.

import { CLICKHOUSE_PLUGIN } from '../data-source.ts';
import type { GrafanaApi } from './grafana-api.ts';
import type { Settings, Tenant } from './settings.ts';
import { namesOf } from './tenant-names.ts';

const FOLDER = { uid: 'turnmeter', title: 'Turnmeter' };
/** As in provisioning/datasources, so that dashboards choose it. */
const SOURCE_UID = 'turnmeter-clickhouse';
/** What a tenant sees first. */
const HOME_OF_TENANTS = 'turnmeter-workflow';

export async function makeOrganization(api: GrafanaApi, tenant: Tenant, settings: Settings): Promise<void> {
  const organization = await findOrMake(api, tenant.tenant);
  await putDataSource(api, { organization, tenant, host: settings.clickhouseHost });
  if ((await api.find(`/api/folders/${FOLDER.uid}`, organization)) === undefined) {
    await api.do({ method: 'POST', path: '/api/folders', body: FOLDER, organization });
  }
  for (const dashboard of settings.dashboards) {
    // Grafana has ids of its own in each organization.
    const body = { dashboard: { ...dashboard, id: null }, folderUid: FOLDER.uid, overwrite: true };
    await api.do({ method: 'POST', path: '/api/dashboards/db', body, organization });
  }
  if (settings.dashboards.some(({ uid }) => uid === HOME_OF_TENANTS)) {
    await setHome(api, HOME_OF_TENANTS, organization);
  }
  await letViewerIn(api, tenant, organization);
}

/** What the people of an organization see first. */
export async function setHome(api: GrafanaApi, dashboard: string, organization: number): Promise<void> {
  const body = { homeDashboardUID: dashboard };
  await api.do({ method: 'PATCH', path: '/api/org/preferences', body, organization });
}

async function findOrMake(api: GrafanaApi, name: string): Promise<number> {
  const found = await api.find(`/api/orgs/name/${encodeURIComponent(name)}`);
  if (found !== undefined) return Number(found['id']);
  const made = await api.do({ method: 'POST', path: '/api/orgs', body: { name } });
  return Number(made['orgId']);
}

interface DataSource {
  readonly organization: number;
  readonly tenant: Tenant;
  readonly host: string;
}

/** The tenant's views have the names of the operators' tables, so only the database is another. */
async function putDataSource(api: GrafanaApi, { organization, tenant, host }: DataSource): Promise<void> {
  const { database, reader } = namesOf(tenant.tenant);
  const body = {
    name: 'Turnmeter ClickHouse',
    uid: SOURCE_UID,
    type: CLICKHOUSE_PLUGIN,
    access: 'proxy',
    isDefault: true,
    jsonData: {
      host,
      port: 9000,
      protocol: 'native',
      defaultDatabase: database,
      username: reader,
      dialTimeout: '5',
      queryTimeout: '30',
    },
    secureJsonData: { password: tenant.clickhousePassword },
  };
  const path = `/api/datasources/uid/${SOURCE_UID}`;
  const isThere = (await api.find(path, organization)) !== undefined;
  await api.do(
    isThere
      ? { method: 'PUT', path, body, organization }
      : { method: 'POST', path: '/api/datasources', body, organization },
  );
}

/** A viewer may ask the data source anything, and change nothing in Grafana. An editor could, an administrator could add sources: nobody is made one here. */
async function letViewerIn(api: GrafanaApi, { tenant, grafanaPassword }: Tenant, organization: number): Promise<void> {
  const login = `${tenant}-viewer`;
  if ((await api.find(`/api/users/lookup?loginOrEmail=${encodeURIComponent(login)}`)) !== undefined) return;
  const user = { name: login, login, password: grafanaPassword, OrgId: organization };
  const made = await api.do({ method: 'POST', path: '/api/admin/users', body: user });
  // New users have the role of GF_USERS_AUTO_ASSIGN_ORG_ROLE, which is none.
  const path = `/api/orgs/${organization}/users/${Number(made['id'])}`;
  await api.do({ method: 'PATCH', path, body: { role: 'Viewer' } });
}
