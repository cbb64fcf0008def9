// Turnmeter as a gateway finds it: with keys. The gateway's may speak for every tenant.

import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TurnmeterProcess } from '../../captured/turnmeter-process.ts';

export const GATEWAY_KEY = 'gateway-key';

export async function startKeyed(directory: string): Promise<TurnmeterProcess> {
  const config = path.join(directory, 'turnmeter.yaml');
  const sha256 = createHash('sha256').update(GATEWAY_KEY).digest('hex');
  await writeFile(config, JSON.stringify({ keys: [{ name: 'gateway', sha256, tenants: '*' }] }));
  return TurnmeterProcess.start(path.join(directory, 'data'), { TURNMETER_CONFIG: config }, { key: GATEWAY_KEY });
}
