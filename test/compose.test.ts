// docker-compose.yml cannot be run by tests; that it agrees with the rest of the repository can be seen without running it.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { releaseOf } from '@turnmeter/programs/prometheus';
import { compare } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT, read } from './repository.ts';

const run = promisify(execFile);

interface Service {
  readonly image: string;
  readonly build?: string | { readonly context: string; readonly target: string };
  readonly profiles?: readonly string[];
  readonly read_only?: boolean;
  readonly healthcheck?: object;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly secrets?: readonly (string | { readonly source: string })[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly resources: { readonly limits: Readonly<Record<'cpus' | 'memory', string>> } };
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-compose-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('docker-compose.yml', () => {
  it('takes images by version', () => {
    const unpinned = services.map(([, { image }]) => image).filter((image) => !/:(\d+\.\d+|v\d|local)/.test(image));
    expect(unpinned).toEqual([]);
  });

  it('mounts only what is in the repository, or a volume that it names', () => {
    const sources = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0] ?? ''));
    const missing = sources.filter((source) =>
      source.startsWith('.') ? !existsSync(path.join(ROOT, source)) : !Object.hasOwn(compose.volumes, source),
    );
    expect(missing).toEqual([]);
  });

  it('gives each secret that a service asks for, as a file that make-secrets makes', async () => {
    const secrets = path.join(directory, 'secrets');
    await makeSecrets(secrets, 'acme');
    const made = await readdir(secrets);
    const asked = new Set(services.flatMap(([, { secrets: own = [] }]) => own.map(nameOf)));
    expect([...asked].filter((secret) => !Object.hasOwn(compose.secrets, secret))).toEqual([]);
    const files = Object.values(compose.secrets).map(({ file }) => path.basename(file));
    expect(files.filter((file) => !made.includes(file))).toEqual([]);
  });

  it('gives a Collector all variables without a default, in configurations that are there', () => {
    const { command = [], environment = {} } = compose.services['collector'] ?? { image: '' };
    const files = command.map((flag) => flag.replace('--config=/etc/collector/', 'collector-config/'));
    const texts = files.map(read).join('\n');
    const needed = [...texts.matchAll(/\$\{env:(\w+)\}/g)].map(([, name = '']) => name);
    expect(needed.filter((name) => !Object.hasOwn(environment, name))).toEqual([]);
    const known = [...texts.matchAll(/\$\{env:(\w+)/g)].map(([, name = '']) => name);
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('has services ask each other where they listen', () => {
    const exposed = [...read('Dockerfile').matchAll(/^EXPOSE (.+)$/gm)].flatMap(([, ports = '']) => ports.split(' '));
    expect(exposed).toEqual(['4317', '4318', '8318']);
    const text = JSON.stringify(compose.services);
    const asked = [...text.matchAll(/http:\/\/([a-z]+):(\d+)/g)].filter(([, host]) => host !== 'localhost');
    const strangers = asked.filter(([, host = '']) => !Object.hasOwn(compose.services, host));
    expect(strangers).toEqual([]);
    const ofTurnmeter = asked.filter(([, host]) => host === 'turnmeter').map(([, , port = '']) => port);
    expect(ofTurnmeter.filter((port) => !exposed.includes(port))).toEqual([]);
  });

  it('has Prometheus look where the configuration looks, and Alertmanager where Prometheus tells', () => {
    const { scrape_configs: scrapes, alerting } = parse(read('prometheus/prometheus.yml')) as {
      readonly scrape_configs: readonly {
        readonly file_sd_configs: readonly { readonly files: readonly string[] }[];
      }[];
      readonly alerting: { readonly alertmanagers: typeof scrapes };
    };
    const files = [...scrapes, ...alerting.alertmanagers].flatMap(({ file_sd_configs: found }) =>
      found.flatMap((one) => one.files),
    );
    const targets = files.flatMap((file) => {
      const groups = parse(read(`prometheus/${file}`)) as readonly { readonly targets: readonly string[] }[];
      return groups.flatMap((group) => group.targets);
    });
    expect(targets.toSorted()).toEqual(['alertmanager:9093', 'collector:8888', 'prometheus:9090', 'turnmeter:8318']);
    const hosts = targets.map((target) => target.split(':')[0] ?? '');
    expect(hosts.filter((host) => !Object.hasOwn(compose.services, host))).toEqual([]);
  });

  it('takes Prometheus and Alertmanager in the versions that tests run', () => {
    for (const program of ['prometheus', 'alertmanager'] as const) {
      expect(compose.services[program]?.image).toBe(`prom/${program}:${releaseOf(program)}`);
    }
  });

  it('waits for the health of services that tell it, and only of those that are started with it', () => {
    const dockerfile = read('Dockerfile');
    const tellsHealth = (name: string): boolean =>
      compose.services[name]?.healthcheck !== undefined ||
      (compose.services[name]?.build === '.' && dockerfile.includes('HEALTHCHECK'));
    const waits = services.flatMap(([, { depends_on: on = {} }]) => Object.entries(on));
    const others = waits.filter(([name, { condition }]) => condition === 'service_healthy' && !tellsHealth(name));
    expect(others).toEqual([]);
    const ofProfiles = waits.filter(([name]) => compose.services[name]?.profiles !== undefined);
    expect(ofProfiles).toEqual([]);
  });

  it('lets no service write outside of its volumes, but the database, or take what others need', () => {
    const writing = services.filter(([, { read_only: isReadOnly }]) => isReadOnly !== true).map(([name]) => name);
    expect(writing).toEqual(['clickhouse']);
    expect(services.filter(([, { deploy }]) => deploy === undefined).map(([name]) => name)).toEqual([]);
  });

  it('builds what the Dockerfile has, and starts the example as examples are started', () => {
    const { build, command = [], environment = {} } = compose.services['example'] ?? { image: '' };
    const target = typeof build === 'object' ? build.target : '';
    expect(read('Dockerfile')).toContain(` AS ${target}\n`);
    const [, flag, main = ''] = /node --import (\S+) (\S+)/.exec(command.join(' ')) ?? [];
    expect(flag).toBe('@turnmeter/instrumentation/register');
    expect(existsSync(path.join(ROOT, 'examples', main))).toBe(true);
    expect(environment['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe('http://collector:4318');
  });

  it('has its variables and files where the program of tenants looks for them', () => {
    const { environment = {}, volumes = [], command = [] } = compose.services['tenants'] ?? { image: '' };
    const settings = read('grafana/src/access/settings.ts');
    const known = [...settings.matchAll(/'([A-Z]+_[A-Z_]+)'/g)].map(([, name = '']) => name);
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    const mounted = volumes.map((volume) => volume.split(':')).map(([from = '', to = '']) => [to, from] as const);
    const inRepository = (file: string): string | undefined =>
      mounted.flatMap(([to, from]) => (file.startsWith(to) ? [file.replace(to, from)] : []))[0];
    for (const file of [command.at(-1), environment['DASHBOARDS_DIR']]) {
      expect(existsSync(path.join(ROOT, inRepository(String(file)) ?? 'nowhere'))).toBe(true);
    }
    // Only packages' types are imported there: the image has no packages.
    expect(read('Dockerfile')).toContain(`FROM ${compose.services['tenants']?.image}\n`);
  });

  it('publishes ports on loopback only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});

function nameOf(secret: string | { readonly source: string }): string {
  return typeof secret === 'string' ? secret : secret.source;
}

describe('secrets', () => {
  it('fit each other: the service knows the key that the gateway and Prometheus have', async () => {
    const secrets = path.join(directory, 'fitting');
    const { stdout } = await makeSecrets(secrets, 'acme', 'globex');
    expect(stdout).toMatch(/^acme: OTEL_EXPORTER_OTLP_HEADERS="authorization=Basic [\w=+/]+"\nglobex: /);
    const config = parse(await readFile(path.join(secrets, 'turnmeter.yaml'), 'utf8')) as {
      readonly keys: readonly { readonly name: string; readonly sha256: string }[];
    };
    for (const [name, file] of [
      ['gateway', 'gateway_key'],
      ['prometheus', 'prometheus_key'],
    ] as const) {
      const key = await readFile(path.join(secrets, file), 'utf8');
      const known = config.keys.find((one) => one.name === name);
      expect(known?.sha256).toBe(sha256(key));
    }
    const htpasswd = await readFile(path.join(secrets, 'tenants.htpasswd'), 'utf8');
    expect(htpasswd).toMatch(/^example:\$2b\$10\$.{53}\nacme:\$2b\$10\$.{53}\nglobex:\$2b\$10\$.{53}\n$/);
  });

  it('fit each other: ClickHouse knows the passwords that Grafana has, by their hashes', async () => {
    const secrets = path.join(directory, 'readers');
    await makeSecrets(secrets, 'acme', 'globex');
    const users = await readFile(path.join(secrets, 'clickhouse_users.xml'), 'utf8');
    const operator = await readFile(path.join(secrets, 'grafana_clickhouse_password'), 'utf8');
    expect(hashOf('grafana_operator', users)).toBe(sha256(operator));
    const tenants = await grafanaTenants(secrets);
    expect(tenants.map(({ tenant }) => tenant)).toEqual(['example', 'acme', 'globex']);
    for (const { tenant, clickhouse_password: password } of tenants) {
      expect(hashOf(`grafana_tenant_${tenant}`, users)).toBe(sha256(password));
      expect(users).not.toContain(password);
    }
  });

  it('let a tenant in later, and leave all that is there as it is', async () => {
    const secrets = path.join(directory, 'later');
    await makeSecrets(secrets, 'acme');
    const before = await contentsOf(secrets);
    const { stdout } = await makeSecrets(secrets, '--add', 'newco');
    expect(stdout).toMatch(/^newco: OTEL_EXPORTER_OTLP_HEADERS="authorization=Basic [\w=+/]+"\n$/);
    const after = await contentsOf(secrets);
    const changed = [...after].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
    expect(changed.toSorted()).toEqual(['clickhouse_users.xml', 'grafana_tenants.json', 'tenants.htpasswd']);
    expect(after.get('tenants.htpasswd')).toBe(
      `${before.get('tenants.htpasswd')}${after.get('tenants.htpasswd')?.split('\n').at(-2)}\n`,
    );
    const tenants = await grafanaTenants(secrets);
    expect(tenants.slice(0, 2)).toEqual(JSON.parse(before.get('grafana_tenants.json') ?? ''));
    expect(tenants.map(({ tenant }) => tenant)).toEqual(['example', 'acme', 'newco']);
    expect(hashOf('grafana_tenant_acme', after.get('clickhouse_users.xml') ?? '')).toBe(
      hashOf('grafana_tenant_acme', before.get('clickhouse_users.xml') ?? ''),
    );
  });

  it('change nothing where a tenant is there already, or its name is none', async () => {
    const secrets = path.join(directory, 'twice');
    await makeSecrets(secrets, 'acme');
    const before = await contentsOf(secrets);
    const tries = [['--add', 'newco', 'acme'], ['--add'], ['--add', "it's"], ['globex'], ['--renew', 'acme']];
    for (const args of tries) await expect(makeSecrets(secrets, ...args)).rejects.toThrow(/Command failed/);
    expect(await contentsOf(secrets)).toEqual(before);
    const nowhere = makeSecrets(path.join(directory, 'nowhere'), '--add', 'newco');
    await expect(nowhere).rejects.toMatchObject({
      stderr: expect.stringMatching(/^There are no secrets in /) as string,
    });
  });

  it('give readers new passwords, and nobody else; or write their file as it was', async () => {
    const secrets = path.join(directory, 'renewed');
    await makeSecrets(secrets, 'acme');
    const before = await contentsOf(secrets);
    await makeSecrets(secrets, '--update');
    expect(await contentsOf(secrets)).toEqual(before);
    await makeSecrets(secrets, '--renew');
    const after = await contentsOf(secrets);
    const changed = [...after].filter(([file, text]) => before.get(file) !== text).map(([file]) => file);
    expect(changed).toEqual(['clickhouse_users.xml', 'grafana_clickhouse_password', 'grafana_tenants.json']);
    const [, acme] = await grafanaTenants(secrets);
    expect(hashOf('grafana_tenant_acme', after.get('clickhouse_users.xml') ?? '')).toBe(
      sha256(acme?.clickhouse_password ?? ''),
    );
    expect(hashOf('grafana_operator', after.get('clickhouse_users.xml') ?? '')).toBe(
      sha256(after.get('grafana_clickhouse_password') ?? ''),
    );
  });

  it('give the app of the profile `example` what the Collector lets in', async () => {
    const secrets = path.join(directory, 'example');
    await makeSecrets(secrets, 'acme');
    const headers = await readFile(path.join(secrets, 'example_otlp_headers'), 'utf8');
    const [, encoded = ''] = /^authorization=Basic (\S+)$/.exec(headers) ?? [];
    const [user, password = ''] = Buffer.from(encoded, 'base64').toString().split(':');
    const htpasswd = await readFile(path.join(secrets, 'tenants.htpasswd'), 'utf8');
    expect(user).toBe('example');
    expect(await compare(password, /^example:(.+)$/m.exec(htpasswd)?.[1] ?? '')).toBe(true);
  });
});

function makeSecrets(secrets: string, ...args: readonly string[]): Promise<{ readonly stdout: string }> {
  return run('node', [path.join(ROOT, 'scripts/make-secrets.mjs'), '--directory', secrets, ...args]);
}

async function contentsOf(secrets: string): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(secrets)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(path.join(secrets, file), 'utf8')));
  return new Map(files.map((file, index) => [file, texts[index] ?? '']));
}

interface GrafanaTenant {
  readonly tenant: string;
  readonly clickhouse_password: string;
}

async function grafanaTenants(secrets: string): Promise<readonly GrafanaTenant[]> {
  return JSON.parse(await readFile(path.join(secrets, 'grafana_tenants.json'), 'utf8')) as readonly GrafanaTenant[];
}

function hashOf(user: string, users: string): string | undefined {
  return new RegExp(`<${user}>\\s*<password_sha256_hex>(\\w+)<`).exec(users)?.[1];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
