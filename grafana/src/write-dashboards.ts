// Writes dashboards/*.json: `npm run grafana:dashboards`.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { allDashboards } from './all-dashboards.ts';
import { dashboardJson } from './dashboard-json.ts';

for (const [file, dashboard] of Object.entries(allDashboards)) {
  writeFileSync(path.join(import.meta.dirname, '../dashboards', file), dashboardJson(dashboard));
}
