// Every setting, documented once: meaning, unit, bounds, default, cost. A setting `a.b_c` of the file is TURNMETER_A_B_C in the environment.

import { z } from 'zod';
import type { Config } from './config.ts';

const port = z.int().min(0).max(65_535);
const bytes = z.int().min(0);
const seconds = z.number().min(0);

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

const keySchema = z.strictObject({
  name: z.string().min(1).describe('What logs and errors call the key.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .describe('SHA-256 of the key in hexadecimal: printf %s "$KEY" | sha256sum.'),
  tenants: z
    .union([z.array(z.string().min(1)).min(1), z.literal('*')])
    .describe('Tenants the key may speak for and read; "*" is every tenant, for operators.'),
  scope: z.enum(['ingest', 'read', 'all']).default('all').describe('What the key may do.'),
});

const otlpSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address to listen on. Any but loopback needs keys.'),
  http_port: port.default(4318).describe('OTLP/HTTP. 0 takes a free port.'),
  grpc_port: port.default(4317).describe('OTLP/gRPC. 0 takes a free port.'),
  body_bytes_max: bytes
    .default(64 * MIB)
    .describe('Largest body after inflating, bytes (OTLP 1.11 recommends 64 MiB).'),
  bytes_in_flight_max: bytes
    .default(256 * MIB)
    .describe('Bodies being received and inflated at one time, bytes; above it 503.'),
  requests_per_second_max: z
    .number()
    .positive()
    .optional()
    .describe('Per tenant; above it 429. No bound when left out.'),
});

const httpSchema = z.strictObject({
  host: z.string().default('127.0.0.1').describe('Address of API and metrics. Any but loopback needs keys.'),
  port: port.default(8318).describe('0 takes a free port.'),
});

const clickHouseSchema = z.strictObject({
  url: z.url().optional().describe('A ClickHouse server. Without it the embedded engine runs in a child process.'),
  database: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default('turnmeter')
    .describe('Database for all tables; made when it is not there.'),
  username: z.string().optional().describe('User of the server.'),
  password: z.string().optional().describe('Better in TURNMETER_CLICKHOUSE_PASSWORD than in a file.'),
  cluster: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .describe('Name for ON CLUSTER; tables become Replicated*.'),
  memory_bytes_max: bytes.default(2 * GIB).describe('Memory of the embedded engine, bytes.'),
});

const bookSchema = z.strictObject({
  records_max: z
    .int()
    .min(1000)
    .default(50_000)
    .describe(
      'Records of open traces in memory, 2 to 4 kB each; half as many may wait to be booked: above it senders wait for two seconds, then 503.',
    ),
  keep_seconds: seconds.default(600).describe('How long a trace stays in memory at least after its last record.'),
});

const saveSchema = z.strictObject({
  flush_seconds: seconds.min(0.05).default(0.5).describe('How often accepted records are brought into the database.'),
  segment_rows_max: z
    .int()
    .min(1000)
    .default(262_144)
    .describe('Rows after which a segment is closed before that time.'),
  spool_bytes_max: bytes
    .default(10 * GIB)
    .describe('Segments waiting on disk while the database is away; above it 503.'),
  disk_reserve_bytes: bytes.default(GIB).describe('Free disk space below which nothing more is accepted.'),
});

const retentionSchema = z.strictObject({
  observation_days: z.int().min(1).default(90).describe('What was seen: for explain, late records and repricing.'),
  entry_days: z.int().min(1).default(730).describe('What counts: all figures.'),
});

const controlSchema = z.strictObject({
  url: z
    .string()
    .regex(/^postgres(ql)?:\/\/.+/, 'expected an address like postgres://user@host/database')
    .optional()
    .describe(
      'PostgreSQL for policies, balances, keys, leases and stops: for several aggregators. Without it a file in data_dir; a password is better in TURNMETER_CONTROL_URL than in a file.',
    ),
});

const alertsSchema = z.strictObject({
  evaluate_seconds: seconds.min(1).default(10).describe('How often alert rules are evaluated.'),
  allow_private_targets: z
    .boolean()
    .default(false)
    .describe(
      'Whether webhooks may go to private addresses and without TLS. Whoever may write alert rules can then reach what this service can.',
    ),
});

const budgetSchema = z.strictObject({
  tenant: z.string().min(1).describe('Whose it is.'),
  workflow: z
    .string()
    .min(1)
    .optional()
    .describe('Of this workflow alone; of all that the tenant spends when left out.'),
  period: z.enum(['day', 'month']).describe('Calendar day or month, UTC.'),
  usd: z.number().positive().describe('What is meant to be spent, US dollars.'),
});

/** `name=value,name=value`, values percent-encoded: as OTEL_EXPORTER_OTLP_HEADERS. */
const headersText = z.string().transform((text, context): Record<string, string> => {
  try {
    const parts = text.split(',').filter((part) => part.trim() !== '');
    return Object.fromEntries(
      parts.map((part) => {
        const [name = '', value = ''] = part.split(/=(.*)/s);
        if (name.trim() === '' || value.trim() === '') throw new Error('no value');
        return [name.trim(), decodeURIComponent(value.trim())];
      }),
    );
  } catch {
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }
});

const pushSchema = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'OTLP/HTTP address with its path to send the metrics of /metrics to, e.g. http://prometheus:9090/api/v1/otlp/v1/metrics. Without it nothing is sent.',
    ),
  interval_seconds: seconds.min(1).default(15).describe('How often.'),
  timeout_seconds: seconds.min(1).default(10).describe('How long one request is tried, with repetitions.'),
  headers: z
    .union([z.record(z.string(), z.string()), headersText], {
      error: 'expected a map, or name=value,name=value with percent-encoded values',
    })
    .default({})
    .describe(
      'Sent with each request. As text, e.g. in TURNMETER_METRICS_PUSH_HEADERS: authorization=Bearer%20secret.',
    ),
});

const metricsSchema = z.strictObject({
  refresh_seconds: seconds.min(1).default(15).describe('How often sums on /metrics are read anew, at most.'),
  workflows_max: z
    .int()
    .min(1)
    .default(20_000)
    .describe('Workflows of all tenants with series of their own, the dearest; the others are counted as _other.'),
  histograms_max: z
    .int()
    .min(0)
    .default(500)
    .describe('Workflows of them with histograms of their own, 40 series each as classic ones, 3 as native ones.'),
  push: pushSchema.prefault({}),
});

const schema = z.strictObject({
  data_dir: z.string().min(1).default('.turnmeter').describe('Segments, and the database when it is embedded.'),
  trace_quiet_seconds: seconds
    .default(5)
    .describe('How long a trace has been quiet before sums, metrics and nameless sessions are booked.'),
  session_idle_minutes: z
    .number()
    .positive()
    .default(15)
    .describe('How long nothing has come for a session before it is finalized.'),
  otlp: otlpSchema.prefault({}),
  http: httpSchema.prefault({}),
  clickhouse: clickHouseSchema.prefault({}),
  book: bookSchema.prefault({}),
  save: saveSchema.prefault({}),
  control: controlSchema.prefault({}),
  alerts: alertsSchema.prefault({}),
  metrics: metricsSchema.prefault({}),
  budgets: z
    .array(budgetSchema)
    .default([])
    .describe('Money for days and months: metrics and alerts compare with it. What stops sessions are policies.'),
  retention: retentionSchema.prefault({}),
  keys: z
    .array(keySchema)
    .default([])
    .describe('Who may send and read. Without keys everything listens on loopback only.'),
  prices: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe("The operator's own prices; see @turnmeter/pricing."),
  profiles: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe("The operator's own producers; see @turnmeter/accounting."),
  log: z
    .strictObject({
      level: z
        .enum(['silent', 'error', 'warn', 'info', 'debug'])
        .default('info')
        .describe('Least severe lines that are written.'),
    })
    .prefault({}),
});

/** The schema of the whole configuration, for checking and for listing what there is. */
export const configSchema: z.ZodObject & z.ZodType<Config> = schema;
