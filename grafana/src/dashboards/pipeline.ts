// Pipeline health: can the figures be believed? For those who run Turnmeter.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from '../dashboard.ts';
import { Uid } from '../link.ts';
import { clickhouseSource, prometheusSource } from '../variable/data-sources.ts';
import { tenants } from '../variable/tenant.ts';
import { arrivalRow } from './pipeline/arrival.ts';
import { bookingRow } from './pipeline/booking.ts';
import { collectorRow } from './pipeline/collector.ts';
import { freshnessRow } from './pipeline/freshness.ts';
import { headline } from './pipeline/headline.ts';
import { serviceRow } from './pipeline/service.ts';

export const pipelineHealth: Dashboard = dashboard({
  uid: Uid.PIPELINE,
  title: 'Pipeline health',
  description:
    'Does telemetry arrive, is all of it in the figures, and how soon? Tenants are chosen for what was booked.',
  isForOperators: true,
  variables: [prometheusSource(), clickhouseSource(), tenants()],
  rows: [headline(), arrivalRow(), freshnessRow(), bookingRow(), serviceRow(), collectorRow()],
  from: 'now-6h',
});
