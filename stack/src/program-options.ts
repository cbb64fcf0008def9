// How each program is started: by which files, and what is told by flags and variables because it differs from compose.

import path from 'node:path';
import { collectorBinary } from '@turnmeter/collector-config/collector-binary';
import { prometheusBinary } from '@turnmeter/programs/prometheus';
import type { ProgramOptions } from '@turnmeter/programs/running-program';
import { HOST, type Ports } from './addresses.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'packages/aggregator/src/main.ts');
const COLLECTOR = path.join(ROOT, 'collector-config');

/** In the order in which they start; they end the other way round, so that nobody misses who ended before. */
export const PROGRAM_NAMES = ['turnmeter', 'alertmanager', 'prometheus', 'collector'] as const;
export type ProgramName = (typeof PROGRAM_NAMES)[number];

export interface Place {
  readonly directory: string;
  readonly ports: Ports;
  /** Variables of single programs, beside what is set here. */
  readonly env: Partial<Readonly<Record<ProgramName, Readonly<Record<string, string>>>>>;
  readonly progress: (line: string) => void;
}

export function programOptions(name: ProgramName, place: Place): Promise<ProgramOptions> {
  switch (name) {
    case 'turnmeter':
      return turnmeter(place);
    case 'alertmanager':
      return alertmanager(place);
    case 'prometheus':
      return prometheus(place);
    case 'collector':
      return collector(place);
  }
}

async function turnmeter({ directory, ports, env }: Place): Promise<ProgramOptions> {
  const listening = [
    ['--otlp-port', ports.turnmeterOtlp],
    ['--grpc-port', ports.turnmeterGrpc],
    ['--http-port', ports.turnmeter],
  ];
  return {
    name: 'turnmeter',
    file: process.execPath,
    args: [MAIN, 'up', '--data-dir', path.join(directory, 'turnmeter'), ...listening.flat().map(String), '--json'],
    cwd: directory,
    env: { TURNMETER_CONFIG: path.join(directory, 'turnmeter.yaml'), TURNMETER_LOG_LEVEL: 'warn', ...env.turnmeter },
    ready: /^\{.*"http_port"/m,
  };
}

async function collector({ directory, ports, env, progress }: Place): Promise<ProgramOptions> {
  const files = ['gateway.yaml', 'overlays/compose.yaml'];
  return {
    name: 'collector',
    file: await collectorBinary({ progress }),
    args: files.map((file) => `--config=${path.join(COLLECTOR, file)}`),
    cwd: directory,
    env: {
      OTLP_HTTP_ENDPOINT: `${HOST}:${ports.otlpHttp}`,
      OTLP_GRPC_ENDPOINT: `${HOST}:${ports.otlpGrpc}`,
      HEALTH_ENDPOINT: `${HOST}:${ports.collectorHealth}`,
      PROMETHEUS_ENDPOINT: `${HOST}:${ports.collectorDerived}`,
      SELF_METRICS_PORT: String(ports.collectorOwn),
      TENANTS_FILE: path.join(directory, 'secrets/tenants.htpasswd'),
      TURNMETER_ENDPOINT: `http://${HOST}:${ports.turnmeterOtlp}`,
      TURNMETER_INGEST_KEY: 'in-a-file',
      GATEWAY_KEY_FILE: path.join(directory, 'secrets/gateway_key'),
      QUEUE_DIR: path.join(directory, 'collector'),
      ...env.collector,
    },
    ready: /Everything is ready/,
  };
}

async function prometheus({ directory, ports, env, progress }: Place): Promise<ProgramOptions> {
  const folder = path.join(directory, 'prometheus');
  return {
    name: 'prometheus',
    file: await prometheusBinary('prometheus', { progress }),
    args: [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`,
      '--storage.tsdb.retention.time=90d',
      `--web.listen-address=${HOST}:${ports.prometheus}`,
    ],
    cwd: folder,
    env: { ...env.prometheus },
    ready: `http://${HOST}:${ports.prometheus}/-/ready`,
  };
}

async function alertmanager({ directory, ports, env, progress }: Place): Promise<ProgramOptions> {
  const folder = path.join(directory, 'alertmanager');
  return {
    name: 'alertmanager',
    file: await prometheusBinary('alertmanager', { progress }),
    args: [
      `--config.file=${path.join(folder, 'alertmanager.yml')}`,
      `--storage.path=${path.join(folder, 'data')}`,
      `--web.listen-address=${HOST}:${ports.alertmanager}`,
      // Alone: it would look for others on all addresses.
      '--cluster.listen-address=',
    ],
    cwd: folder,
    env: { ...env.alertmanager },
    ready: `http://${HOST}:${ports.alertmanager}/-/ready`,
  };
}
