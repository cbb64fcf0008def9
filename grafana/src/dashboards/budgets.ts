// Budgets and burn: is spending on plan, how long does the money last, and do all who count it agree? For operators.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from '../dashboard.ts';
import { Uid } from '../link.ts';
import { clickhouseSource, prometheusSource } from '../variable/data-sources.ts';
import { tenants } from '../variable/tenant.ts';
import { agreementRow } from './budgets/agreement.ts';
import { balancesRow } from './budgets/balances.ts';
import { burnRow } from './budgets/burn.ts';
import { headline } from './budgets/headline.ts';
import { sessionsRow } from './budgets/sessions.ts';

export const budgetsAndBurn: Dashboard = dashboard({
  uid: Uid.BUDGETS,
  title: 'Budgets and burn',
  description: 'Is spending on plan, how long does the money last, and what was done about it?',
  isForOperators: true,
  variables: [prometheusSource(), clickhouseSource(), tenants()],
  rows: [headline(), burnRow(), sessionsRow(), balancesRow(), agreementRow()],
});
