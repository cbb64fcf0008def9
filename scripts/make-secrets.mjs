#!/usr/bin/env node
// Makes the secrets that docker-compose.yml mounts, once: `node scripts/make-secrets.mjs [--directory D] [tenant …]`. What is there stays as it is. Each
// tenant gets a password for the Collector, which is shown now and not kept.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hashSync } from 'bcryptjs';
import { stringify } from 'yaml';

const { values, positionals: tenants } = parseArgs({
  allowPositionals: true,
  options: { directory: { type: 'string', default: path.join(import.meta.dirname, '..', 'secrets') } },
});
const { directory } = values;
if (tenants.some((tenant) => !/^[A-Za-z0-9][\w.-]{0,62}$/.test(tenant))) {
  process.stderr.write(
    'usage: node scripts/make-secrets.mjs [--directory D] [tenant …]\nTenants are named by letters, digits, dots, hyphens and underscores.\n',
  );
  process.exit(2);
}
if (existsSync(directory)) {
  process.stderr.write(`${directory} is there already: move it away to make new ones.\n`);
  process.exit(1);
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
const lines = (tenants.length > 0 ? tenants : ['default']).map((tenant) => {
  const password = secret();
  const header = Buffer.from(`${tenant}:${password}`).toString('base64');
  process.stdout.write(`${tenant}: OTEL_EXPORTER_OTLP_HEADERS="authorization=Basic ${header}"\n`);
  return `${tenant}:${hashSync(password, 10)}\n`;
});
write('tenants.htpasswd', lines.join(''));

function secret() {
  return randomBytes(24).toString('base64url');
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

function write(name, text) {
  writeFileSync(path.join(directory, name), text, { mode: 0o644 });
}
