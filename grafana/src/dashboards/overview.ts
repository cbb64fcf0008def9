// Overview: is the money on plan, and is anything unusual now? For operators: all tenants.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from '../dashboard.ts';
import { Uid } from '../link.ts';
import { clickhouseSource, prometheusSource } from '../variable/data-sources.ts';
import { tenants } from '../variable/tenant.ts';
import { workflowsOfTenants } from '../variable/workflow.ts';
import { headline } from './overview/headline.ts';
import { health } from './overview/health.ts';
import { spending } from './overview/spending.ts';
import { unusual } from './overview/unusual.ts';

export const overview: Dashboard = dashboard({
  uid: Uid.OVERVIEW,
  title: 'Overview',
  description: 'Is the money on plan, and is anything unusual now? All tenants, for operators.',
  isForOperators: true,
  variables: [prometheusSource(), clickhouseSource(), tenants(), workflowsOfTenants()],
  rows: [headline(), unusual(), spending(), health()],
});
