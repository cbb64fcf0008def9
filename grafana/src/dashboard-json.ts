import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';

/** The text of a file in dashboards/: the same for the same dashboard, so that a review sees what changed. */
export function dashboardJson(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
