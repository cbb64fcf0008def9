// The files that Grafana is started with: they agree with each other, with docker-compose.yml and with the dashboards.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ContactPoint, NotificationPolicy } from '@grafana/grafana-foundation-sdk/alerting';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DATABASE } from '../src/access/relations.ts';
import { OPERATOR } from '../src/access/users-xml.ts';
import { CLICKHOUSE_PLUGIN } from '../src/data-source.ts';
import { clicked, drillUrl, inRow, Uid } from '../src/link.ts';
import { rows } from '../src/query/clickhouse-query.ts';

const ROOT = path.join(import.meta.dirname, '../..');

interface DataSource {
  readonly name: string;
  readonly uid: string;
  readonly type: string;
  readonly orgId: number;
  readonly url?: string;
  readonly isDefault?: boolean;
  readonly editable: boolean;
  readonly jsonData: Readonly<Record<string, unknown>>;
  readonly secureJsonData?: Readonly<Record<string, string>>;
}

interface Service {
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly volumes: readonly string[];
}

interface Destination {
  readonly name: string;
  readonly url: string;
}

interface AlertmanagerRoute {
  readonly matchers: readonly string[];
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

const { datasources } = parse(read('grafana/provisioning/datasources/turnmeter.yaml')) as {
  readonly datasources: readonly DataSource[];
};
const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const grafana = services['grafana'];
const clickhouse = datasources.find(({ type }) => type === CLICKHOUSE_PLUGIN);

describe('the data sources', () => {
  it('have the uids that dashboards and rules name, in the operators’ organization, and one is the default', () => {
    expect(datasources.map(({ uid, type }) => [uid, type])).toEqual([
      ['turnmeter-clickhouse', CLICKHOUSE_PLUGIN],
      ['turnmeter-prometheus', 'prometheus'],
      ['turnmeter-alertmanager', 'alertmanager'],
    ]);
    expect(datasources.filter(({ orgId, editable }) => orgId !== 1 || editable)).toEqual([]);
    expect(datasources.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  it('ask services of docker-compose.yml', () => {
    const hosts = datasources.map(({ url, jsonData }) =>
      url === undefined ? jsonData['host'] : new URL(url).hostname,
    );
    expect(hosts.filter((host) => !Object.hasOwn(services, String(host)))).toEqual([]);
  });

  it('hold no password: it is in a file that the service has', () => {
    const secrets = datasources.flatMap(({ secureJsonData = {} }) => Object.values(secureJsonData));
    const files = secrets.map((secret) => /^\$__file\{\/run\/secrets\/(\w+)\}$/.exec(secret)?.[1]);
    expect(files).toEqual(['grafana_clickhouse_password']);
    expect(grafana?.secrets).toEqual(expect.arrayContaining(files));
  });

  it('read ClickHouse as the reader for operators, in time that its profile allows', () => {
    expect(clickhouse?.jsonData).toMatchObject({ username: OPERATOR, defaultDatabase: DATABASE });
    // clickhouse-go sets max_execution_time to the time left and 5 seconds; the profile lets it be up to 60.
    expect(Number(clickhouse?.jsonData['queryTimeout']) + 5).toBeLessThanOrEqual(60);
  });

  it('lead from an exemplar to its session, by the link that dashboards use', () => {
    const prometheus = datasources.find(({ type }) => type === 'prometheus');
    const destinations = prometheus?.jsonData['exemplarTraceIdDestinations'] as readonly Destination[] | undefined;
    const [destination] = destinations ?? [];
    // What provisioning makes of it: two dollars are one.
    const url = destination?.url.replaceAll('$$', '$');
    const variables = { tenant: inRow('tenant'), session: clicked };
    expect(url).toBe(drillUrl({ title: 'Open the session', to: Uid.SESSION, variables }));
    expect(destination?.url.replaceAll('$$', '')).not.toContain('$');
    // The label is one that exemplars have, and Prometheus keeps them.
    expect(services['prometheus']?.command).toContain('--enable-feature=exemplar-storage');
    expect(read('packages/aggregator/src/expose/metric.ts')).toContain(`'${destination?.name}'`);
  });
});

describe('the service', () => {
  it('has the version of the plugin that queries are written for', () => {
    const { pluginVersion } = rows('SELECT 1').build();
    expect(grafana?.environment['GF_PLUGINS_PREINSTALL_SYNC']).toBe(`${CLICKHOUSE_PLUGIN}@${pluginVersion}`);
  });

  it('has the dashboards where the provider looks for them', () => {
    const { providers } = parse(read('grafana/provisioning/dashboards/turnmeter.yaml')) as {
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    };
    const targets = grafana?.volumes.map((volume) => volume.split(':').slice(0, 2).join(' → '));
    for (const { options } of providers) expect(targets).toContain(`./grafana/dashboards → ${options.path}`);
    expect(targets).toContain('./grafana/provisioning → /etc/grafana/provisioning');
  });

  it('lets in nobody who was not let in', () => {
    expect(grafana?.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'false',
      GF_USERS_ALLOW_SIGN_UP: 'false',
      GF_USERS_ALLOW_ORG_CREATE: 'false',
      // With false, Grafana makes a new user the administrator of whatever organization it comes into.
      GF_USERS_AUTO_ASSIGN_ORG: 'true',
      GF_USERS_AUTO_ASSIGN_ORG_ROLE: 'None',
    });
    const plain = Object.keys(grafana?.environment ?? {}).filter((name) => /PASSWORD|SECRET_KEY/.test(name));
    expect(plain.filter((name) => !name.endsWith('__FILE'))).toEqual([]);
  });

  it('is reached under the address that its links begin with', () => {
    const compose = parse(read('docker-compose.yml'), { merge: true }) as {
      readonly services: Readonly<Record<string, { readonly ports?: readonly string[] }>>;
    };
    const { port } = new URL(grafana?.environment['GF_SERVER_ROOT_URL'] ?? '');
    expect(compose.services['grafana']?.ports).toEqual([`127.0.0.1:${port}:3000`]);
  });
});

describe('the example of notifications', () => {
  const example = parse(read('grafana/alerting-example/notifications.yaml')) as {
    readonly contactPoints: readonly { readonly name: string; readonly receivers: readonly ContactPoint[] }[];
    readonly policies: readonly NotificationPolicy[];
    readonly muteTimes: readonly { readonly name: string }[];
  };
  const [policy] = example.policies;
  const routes = policy?.routes ?? [];

  it('names only who and what is there', () => {
    const points = example.contactPoints.map(({ name }) => name);
    expect([policy, ...routes].map((one) => one?.receiver).filter((name) => !points.includes(name ?? ''))).toEqual([]);
    const mutes = new Set(example.muteTimes.map(({ name }) => name));
    expect(routes.flatMap((one) => one.mute_time_intervals ?? []).filter((name) => !mutes.has(name))).toEqual([]);
  });

  it('tells the same people as Alertmanager', () => {
    const { route } = parse(read('prometheus/alertmanager.yml')) as {
      readonly route: AlertmanagerRoute & { readonly routes: readonly AlertmanagerRoute[] };
    };
    const there = route.routes.map(({ matchers }) => matchers.join());
    const here = routes.map(({ object_matchers: matchers = [] }) =>
      matchers.map(([label, sign, value]) => `${label}${sign}"${value}"`).join(),
    );
    expect(here).toEqual(there);
    for (const field of ['group_by', 'group_wait', 'group_interval', 'repeat_interval'] as const) {
      expect(policy?.[field]).toEqual(route[field]);
    }
  });

  it('is not where Grafana reads it', () => {
    expect(grafana?.volumes.filter((volume) => volume.includes('alerting-example'))).toEqual([]);
  });
});
