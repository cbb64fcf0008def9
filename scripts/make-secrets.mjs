#!/usr/bin/env node
// Makes the secrets that docker-compose.yml mounts, once: `node scripts/make-secrets.mjs [--directory D] [tenant …]`. Each tenant gets a password for the
// Collector, which is shown now and not kept, and readers of its rows for Grafana. What is there stays as it is, but for what a flag asks for.
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hashSync } from 'bcryptjs';
import { stringify } from 'yaml';
import { usersXml } from '../grafana/src/access/users-xml.ts';

const USAGE = `usage: node scripts/make-secrets.mjs [--directory D] [tenant …]
       node scripts/make-secrets.mjs [--directory D] --add tenant …   lets tenants in later
       node scripts/make-secrets.mjs [--directory D] --update         writes ClickHouse's file of readers anew, after an upgrade
       node scripts/make-secrets.mjs [--directory D] --renew          and gives the readers new passwords
Tenants are named by letters, digits, dots, hyphens and underscores.
`;
/** Of the app of the profile `example`. Its password for the Collector is kept, for the app to have it. */
const EXAMPLE = 'example';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    add: { type: 'boolean', default: false },
    renew: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
    directory: { type: 'string', default: path.join(import.meta.dirname, '..', 'secrets') },
  },
});
const { add: isAdding, renew: isRenewing, update: isUpdating, directory } = values;
const named = [...new Set(positionals)];
const flags = [isAdding, isRenewing, isUpdating].filter(Boolean).length;
const isNamed = named.every((tenant) => /^[A-Za-z0-9][\w.-]{0,62}$/.test(tenant));
if (!isNamed || flags > 1 || (flags === 1 && isAdding === (named.length === 0))) fail(2, USAGE);
if (flags === 1 && !existsSync(path.join(directory, 'grafana_tenants.json'))) {
  fail(1, `There are no secrets in ${directory}: make them first, without a flag.\n`);
}
if (isAdding) addTenants(named);
else if (isRenewing) renewReaders();
else if (isUpdating) writeReaders(JSON.parse(read('grafana_tenants.json')));
else makeAll(named.length > 0 ? named : ['default']);

function makeAll(tenants) {
  if (existsSync(directory)) {
    fail(1, `${directory} is there already: move it away to make new ones, or add tenants with --add.\n`);
  }
  // Nobody else on the host reads them; inside their containers, users with other numbers do.
  mkdirSync(directory, { mode: 0o700 });
  const clickhousePassword = secret();
  const gatewayKey = secret();
  const prometheusKey = secret();
  write('clickhouse_password', clickhousePassword);
  write('gateway_key', gatewayKey);
  write('prometheus_key', prometheusKey);
  write('grafana_admin_password', secret());
  write('grafana_secret_key', secret());
  write('grafana_clickhouse_password', secret());
  write(
    'turnmeter.yaml',
    stringify({
      clickhouse: { username: 'turnmeter', password: clickhousePassword },
      keys: [
        { name: 'gateway', sha256: sha256(gatewayKey), tenants: '*', scope: 'ingest' },
        { name: 'prometheus', sha256: sha256(prometheusKey), tenants: '*', scope: 'read' },
      ],
    }),
  );
  write('tenants.htpasswd', '');
  write('grafana_tenants.json', '[]\n');
  const example = secret();
  letIn(EXAMPLE, example);
  write('example_otlp_headers', otlpHeaders(EXAMPLE, example));
  addTenants(
    tenants.filter((tenant) => tenant !== EXAMPLE),
    [EXAMPLE],
  );
}

/** Files are added to, or written over where they are: containers have them mounted, and would keep a file that another one replaced. */
function addTenants(tenants, withoutPassword = []) {
  const known = JSON.parse(read('grafana_tenants.json'));
  const again = tenants.filter((tenant) => known.some((one) => one.tenant === tenant));
  if (again.length > 0) fail(1, `There already: ${again.join(', ')}. Nothing was changed.\n`);
  const added = [...withoutPassword, ...tenants].map((tenant) => ({
    tenant,
    clickhouse_password: secret(),
    grafana_password: secret(),
  }));
  writeReaders([...known, ...added]);
  for (const tenant of tenants) {
    const password = secret();
    letIn(tenant, password);
    process.stdout.write(`${tenant}: OTEL_EXPORTER_OTLP_HEADERS="${otlpHeaders(tenant, password)}"\n`);
  }
  if (isAdding) {
    process.stderr.write('Where it runs: docker compose restart collector, then docker compose up tenants.\n');
  }
}

function renewReaders() {
  write('grafana_clickhouse_password', secret());
  const tenants = JSON.parse(read('grafana_tenants.json'));
  writeReaders(tenants.map((one) => ({ ...one, clickhouse_password: secret() })));
  process.stderr.write('Where it runs: docker compose up tenants, then docker compose restart grafana.\n');
}

function writeReaders(tenants) {
  write('grafana_tenants.json', `${JSON.stringify(tenants, undefined, 2)}\n`);
  write(
    'clickhouse_users.xml',
    usersXml({
      operatorPasswordSha256: sha256(read('grafana_clickhouse_password')),
      tenants: tenants.map((one) => ({ tenant: one.tenant, passwordSha256: sha256(one.clickhouse_password) })),
    }),
  );
}

function letIn(tenant, password) {
  appendFileSync(path.join(directory, 'tenants.htpasswd'), `${tenant}:${hashSync(password, 10)}\n`);
}

function otlpHeaders(tenant, password) {
  return `authorization=Basic ${Buffer.from(`${tenant}:${password}`).toString('base64')}`;
}

function secret() {
  return randomBytes(24).toString('base64url');
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

function read(name) {
  return readFileSync(path.join(directory, name), 'utf8');
}

function write(name, text) {
  writeFileSync(path.join(directory, name), text, { mode: 0o644 });
}

function fail(code, message) {
  process.stderr.write(message);
  process.exit(code);
}
