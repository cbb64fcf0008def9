// Tenants: who spends, who grows, who is new, and who makes noise. For operators.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from '../dashboard.ts';
import { Uid } from '../link.ts';
import { clickhouseSource, prometheusSource } from '../variable/data-sources.ts';
import { tenants } from '../variable/tenant.ts';
import { headline } from './tenants/headline.ts';
import { noiseRow } from './tenants/noise.ts';
import { spendingRow } from './tenants/spending.ts';

export const tenantsDashboard: Dashboard = dashboard({
  uid: Uid.TENANTS,
  title: 'Tenants',
  description: 'Which tenants spend, which grow, which are new, and which make more series and errors than others?',
  isForOperators: true,
  variables: [prometheusSource(), clickhouseSource(), tenants()],
  rows: [headline(), spendingRow(), noiseRow()],
  from: 'now-7d',
});
