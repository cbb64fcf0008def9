/**
 * The Turnmeter service, for programs that run it inside themselves; most use the `turnmeter` command.
 *
 * @example
 * const service = await startService(parseConfig({ env: process.env, flags: { data_dir: './data' } }), { logger: pino() });
 * // OTLP goes to service.otlpUrl, figures come from `${service.apiUrl}/api/v1/sessions`
 * await service.stop();
 */
export { ConfigError } from './config/config-error.ts';
export type { Config } from './config/config.ts';
export { parseConfig } from './config/parse-config.ts';
export { type RunningService, type ServiceOptions, startService } from './service.ts';
