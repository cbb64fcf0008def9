import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { pino } from 'pino';
import { parseConfig } from '../../config/parse-config.ts';
import { type RunningService, startService } from '../../service.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';

export interface PrivateService extends RunningService {
  /** The only key it knows: other users of the machine reach loopback, too. */
  readonly key: string;
}

/** Starts a service on the data of a stopped one, for one command: on free ports of loopback, with a key that nobody else has. */
export async function openDataDirectory(
  invocation: Invocation,
  { dataDir, mayCreate }: { readonly dataDir: string; readonly mayCreate: boolean },
): Promise<PrivateService> {
  // The service would make an empty one, and a misspelled name would look like lost data.
  if (!mayCreate && !existsSync(dataDir)) {
    throw new CommandError(
      `there is no data directory ${dataDir}: expected one that \`turnmeter up\` or \`turnmeter import\` made`,
    );
  }
  const key = randomBytes(32).toString('hex');
  const config = parseConfig({
    env: invocation.terminal.env,
    flags: {
      data_dir: dataDir,
      keys: [{ name: 'command', sha256: createHash('sha256').update(key).digest('hex'), tenants: '*' }],
      'http.host': '127.0.0.1',
      'http.port': 0,
      'otlp.host': '127.0.0.1',
      'otlp.http_port': 0,
      'otlp.grpc_port': 0,
    },
  });
  const logger = pino({ level: 'error' }, invocation.terminal.stderr);
  // The settings of its service may be in a file that nobody named here.
  const service = await startService(config, { logger, signal: invocation.signal, keepsRetention: true });
  return Object.assign(service, { key });
}
