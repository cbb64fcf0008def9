/** What the same migration is different by, from one deployment to the other. */
export interface Deployment {
  /** Name of a cluster of the server's configuration; undefined for a single server or the embedded engine. */
  readonly cluster: string | undefined;
}

/**
 * Fills in the placeholders of a migration. On a cluster tables are replicated; where the replicas meet is the server's
 * configuration (`default_replica_path`, macros `shard` and `replica`).
 */
export function fillDdl(sql: string, { cluster }: Deployment): string {
  return sql
    .replaceAll('{cluster}', cluster === undefined ? '' : onCluster(cluster))
    .replaceAll('{replicated}', cluster === undefined ? '' : 'Replicated');
}

/** ON CLUSTER takes no bound parameter, so the name is quoted here. */
export function onCluster(cluster: string | undefined): string {
  return cluster === undefined ? '' : `ON CLUSTER \`${cluster.replaceAll(/[\\`]/g, '\\$&')}\``;
}
