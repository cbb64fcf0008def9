// Requests and records that the service did not take, since it was started; of all tenants.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type Service, sumOfMetric } from '../service/service.ts';

const REFUSED = 'turnmeter_records_refused_total';

/** What refused senders can do, by the reason's code. */
const FIXES: Readonly<Record<string, string>> = {
  bad_data: 'send OTLP as protobuf or JSON: OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
  bad_media_type: 'Content-Type: application/x-protobuf or application/json',
  bad_content_encoding: 'Content-Encoding: gzip, deflate or zstd',
  bad_method: 'POST to /v1/traces, /v1/metrics, /v1/logs',
  unknown_path: 'OTEL_EXPORTER_OTLP_ENDPOINT is the address without /v1/traces; …_TRACES_ENDPOINT the one with it',
  unknown_key: 'OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer <key>" with a key of the service',
  read_only_key: 'a key with the scope ingest or all',
  foreign_tenant: 'X-Scope-OrgID with a tenant of the key',
  bad_tenant: 'X-Scope-OrgID with letters, digits and . _ @ -',
  tenant_missing: 'the attribute turnmeter.tenant.id on the resource, or a key of one tenant',
  tenant_not_allowed: 'a key that may speak for the tenant on the resource',
  tenant_invalid: 'tenants of letters, digits and . _ @ -',
  too_large: 'smaller batches: OTEL_BSP_MAX_EXPORT_BATCH_SIZE=256, or a larger otlp.body_bytes_max',
  over_quota: 'a larger otlp.requests_per_second_max, or larger batches',
  bad_trace_id: 'trace ids of 16 bytes that are not all zero',
  bad_span_id: 'span ids of 8 bytes that are not all zero',
};

/** Reasons that heal: a sender that keeps to the protocol comes back with the same. */
const HEALING: ReadonlySet<string> = new Set([
  'overloaded',
  'stopping',
  'too_slow',
  'over_quota',
  'fault',
  'disk_full',
  'spool_full',
]);

export const refusals: Check<Service> = {
  name: 'refusals',
  run: ({ metrics = [] }) => {
    const counts = new Map<string, number>();
    for (const { name, labels, value } of metrics) {
      const reason = labels['reason'] ?? '';
      if (name === REFUSED && value > 0) counts.set(reason, (counts.get(reason) ?? 0) + value);
    }
    return [...counts].map(([reason, count]): Diagnosis => ({
      severity: HEALING.has(reason) ? Severity.ADVICE : Severity.LOSES_DATA,
      found: `${count} refused since the service was started: ${reason.replaceAll('_', ' ')}`,
      why: HEALING.has(reason)
        ? 'Senders that keep to the protocol come back with it; others have lost it.'
        : 'A sender drops what is refused, and its app hears nothing of it.',
      fix: [FIXES[reason] ?? `the service’s log says more of ${reason}`],
    }));
  },
};

/** What is durable and did not get into the database. */
export const storage: Check<Service> = {
  name: 'storage',
  run: ({ metrics = [] }) => {
    const quarantined = sumOfMetric(metrics, 'turnmeter_segments_quarantined');
    const lagSeconds = sumOfMetric(metrics, 'turnmeter_ingest_lag_seconds');
    const given = sumOfMetric(metrics, 'turnmeter_insert_failures_total', ({ retried }) => retried === 'false');
    const diagnoses: Diagnosis[] = [];
    if (quarantined > 0 || given > 0) {
      diagnoses.push({
        severity: Severity.LOSES_DATA,
        found: `${quarantined} segments are put aside, ${given} inserts were given up`,
        why: 'What they hold is on disk and in no figure until a person looks at them.',
        fix: ['the service’s log names the files and what is wrong with them'],
      });
    }
    if (lagSeconds > LAG_MAX_SECONDS) {
      diagnoses.push({
        severity: Severity.WRONG_FIGURES,
        found: `the oldest data that are not in the database yet are ${Math.round(lagSeconds)} s old`,
        why: 'They are safe on disk, but figures are of then and not of now.',
        fix: ['is the database reachable and fast enough? GET /readyz, and the service’s log'],
      });
    }
    return diagnoses;
  },
};

/** Segments are inserted about every second. */
const LAG_MAX_SECONDS = 30;
