import { createRequire } from 'node:module';
import * as api from '@opentelemetry/api';

/** What is used of OpenTelemetry's API to hold providers. */
export type ApiCopy = Pick<typeof api, 'context' | 'metrics' | 'propagation' | 'trace'>;

/**
 * The API as ES modules and as CommonJS modules see it: from 1.10 on these are two copies. What is registered is common to both; what is
 * not registered yet is each one's own.
 */
export function apiCopies(): readonly ApiCopy[] {
  const required = createRequire(import.meta.url)('@opentelemetry/api') as ApiCopy;
  return required.trace === api.trace ? [api] : [api, required];
}
