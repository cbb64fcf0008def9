// Where queries go: variables of each dashboard, so that it finds the sources of whatever Grafana it is imported into.

import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';

export const CLICKHOUSE_PLUGIN = 'grafana-clickhouse-datasource';
export const PROMETHEUS_PLUGIN = 'prometheus';

export const CLICKHOUSE: DataSourceRef = { type: CLICKHOUSE_PLUGIN, uid: '${clickhouse}' };
export const PROMETHEUS: DataSourceRef = { type: PROMETHEUS_PLUGIN, uid: '${prometheus}' };

/** What a panel names whose queries go to several sources. */
export const MIXED: DataSourceRef = { type: 'datasource', uid: '-- Mixed --' };
