// Workflow: what does a session of this kind cost, take and use, is that usual, and who in it is to blame? Asks ClickHouse only, so tenants
// can have it.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from '../dashboard.ts';
import { Uid } from '../link.ts';
import { clickhouseSource } from '../variable/data-sources.ts';
import { tenant } from '../variable/tenant.ts';
import { workflow } from '../variable/workflow.ts';
import { agents } from './workflow/agents.ts';
import { comparison } from './workflow/comparison.ts';
import { cost } from './workflow/cost.ts';
import { handoffs } from './workflow/handoffs.ts';
import { headline } from './workflow/headline.ts';
import { sessions } from './workflow/sessions.ts';
import { newVersions } from './workflow/versions.ts';

export const workflowDashboard: Dashboard = dashboard({
  uid: Uid.WORKFLOW,
  title: 'Workflow',
  description: 'What does a session of this kind cost, take and use, is that usual, and who in it is to blame?',
  isForOperators: false,
  from: 'now-7d',
  variables: [clickhouseSource(), tenant(), workflow()],
  annotations: [newVersions()],
  rows: [headline(), cost(), comparison(), agents(), handoffs(), sessions()],
});
