// Every dashboard, with the file that Grafana reads it from.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { agentsAndModels } from './dashboards/agents.ts';
import { budgetsAndBurn } from './dashboards/budgets.ts';
import { overview } from './dashboards/overview.ts';
import { sessionDashboard } from './dashboards/session.ts';
import { workflowDashboard } from './dashboards/workflow.ts';

export const allDashboards: Readonly<Record<string, Dashboard>> = {
  'agents.json': agentsAndModels,
  'budgets.json': budgetsAndBurn,
  'overview.json': overview,
  'session.json': sessionDashboard,
  'workflow.json': workflowDashboard,
};
