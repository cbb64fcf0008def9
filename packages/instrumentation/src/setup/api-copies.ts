import { createRequire } from 'node:module';
import * as api from '@opentelemetry/api';

/** What is used of OpenTelemetry's API to hold providers. */
export type ApiCopy = Pick<typeof api, 'context' | 'metrics' | 'propagation' | 'trace'>;

/**
 * The API as ES modules and, where one has loaded it already, as CommonJS modules see it: from 1.10 on these are two copies. What is
 * registered is common to both; what is not registered yet is each one's own. To load the second copy takes a tenth of the whole start,
 * and an app may never need it.
 */
export function apiCopies(): readonly ApiCopy[] {
  const require = createRequire(import.meta.url);
  const loaded = require.cache[require.resolve('@opentelemetry/api')]?.exports as ApiCopy | undefined;
  return loaded?.trace === undefined || loaded.trace === api.trace ? [api] : [api, loaded];
}
