// What tenants can read, of all that the migrations make. A test holds this against a migrated database: a new table is in one of the lists, or it fails.

/** Tables that hold several versions of a row until they are merged. Queries ask them with FINAL, which a view takes and does nothing for. */
export const VERSIONED_TABLES = [
  'session_summaries',
  'workflow_agent_averages',
  'workflow_agent_days',
  'workflow_averages',
  'workflow_days',
] as const;

/** Tables with a column `tenant`. Each has a row policy for every tenant. */
export const TENANT_TABLES = ['entries', 'observations', ...VERSIONED_TABLES] as const;

/** Views on those tables, seen through their policies. */
export const TENANT_VIEWS = [
  'model_hour_totals',
  'net_entries',
  'session_agent_totals',
  'session_model_totals',
  'session_tool_totals',
  'session_totals',
  'tool_hour_totals',
  'workflow_5min_totals',
  'workflow_hour_totals',
] as const;

/** No tenant's business: what ran of the migrations, and what fills other tables, where it is read. */
export const OPERATOR_RELATIONS = [
  'migrations',
  'workflow_agent_averages_refresh',
  'workflow_agent_days_refresh',
  'workflow_averages_refresh',
  'workflow_days_refresh',
] as const;

/** The database of the aggregator in docker-compose.yml. */
export const DATABASE = 'turnmeter';
