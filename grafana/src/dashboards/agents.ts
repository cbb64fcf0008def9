// Agents and models: who works, who is slow, who fails, and what the models behind them cost.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from '../dashboard.ts';
import { Uid } from '../link.ts';
import { agents, models } from '../variable/agent.ts';
import { clickhouseSource } from '../variable/data-sources.ts';
import { tenant } from '../variable/tenant.ts';
import { workflows } from '../variable/workflow.ts';
import { handoffsRow } from './agents/handoffs.ts';
import { headline } from './agents/headline.ts';
import { modelsRow } from './agents/models.ts';
import { pricesRow } from './agents/prices.ts';
import { toolsRow } from './agents/tools.ts';
import { turnsRow } from './agents/turns.ts';

export const agentsAndModels: Dashboard = dashboard({
  uid: Uid.AGENTS,
  title: 'Agents and models',
  description: 'Which agent is slow, fails or spends, who hands over to whom, and what models and tools cost.',
  isForOperators: false,
  variables: [clickhouseSource(), tenant(), workflows(), agents(), models()],
  rows: [headline(), turnsRow(), handoffsRow(), modelsRow(), pricesRow(), toolsRow()],
  // Response times are in no sums: every turn of the time range is read.
  from: 'now-6h',
});
