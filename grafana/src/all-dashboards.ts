// Every dashboard, with the file that Grafana reads it from.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { agentsAndModels } from './dashboards/agents.ts';
import { budgetsAndBurn } from './dashboards/budgets.ts';
import { overview } from './dashboards/overview.ts';
import { pipelineHealth } from './dashboards/pipeline.ts';
import { sessionDashboard } from './dashboards/session.ts';
import { tenantsDashboard } from './dashboards/tenants.ts';
import { workflowDashboard } from './dashboards/workflow.ts';

export const allDashboards: Readonly<Record<string, Dashboard>> = {
  'agents.json': agentsAndModels,
  'budgets.json': budgetsAndBurn,
  'overview.json': overview,
  'pipeline.json': pipelineHealth,
  'session.json': sessionDashboard,
  'tenants.json': tenantsDashboard,
  'workflow.json': workflowDashboard,
};
