import { DATABASE, TENANT_TABLES, TENANT_VIEWS, VERSIONED_TABLES } from './relations.ts';
import { sqlLiteral } from './sql-literal.ts';
import { namesOf } from './tenant-names.ts';

/**
 * Makes the database that a tenant's reader can ask, or makes it anew: views have the columns that their tables had then, so this runs after migrations.
 * Names in it are those of the tables, so that a dashboard's SQL is the same for operators and tenants.
 *
 * Only the tenant's rows come through, for two reasons that hold without each other: the policies of the definer, and the condition.
 */
export function tenantStatements(tenant: string): readonly string[] {
  const { database, rows } = namesOf(tenant);
  return [
    `CREATE DATABASE IF NOT EXISTS ${database}`,
    ...[...TENANT_TABLES, ...TENANT_VIEWS].map(
      (relation) => `CREATE OR REPLACE VIEW ${database}.${relation}
DEFINER = ${rows} SQL SECURITY DEFINER
AS SELECT * FROM ${DATABASE}.${relation} ${finalOf(relation)}WHERE tenant = ${sqlLiteral(tenant)}`,
    ),
  ];
}

/** FINAL in a query stays at the view, so it is in the view. */
function finalOf(relation: string): string {
  return (VERSIONED_TABLES as readonly string[]).includes(relation) ? 'FINAL ' : '';
}
