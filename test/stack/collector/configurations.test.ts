// Each file and overlay, as they are to be used together, under the Collector's own `validate`.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { collectorBinary } from '@turnmeter/collector-config/collector-binary';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONFIGURATIONS } from './collector-process.ts';

const run = promisify(execFile);
const ENVIRONMENT = {
  TURNMETER_AUTHORIZATION: 'Bearer key',
  TURNMETER_INGEST_KEY: 'key',
  TURNMETER_ENDPOINT_0: 'http://127.0.0.1:4319',
  TURNMETER_ENDPOINT_1: 'http://127.0.0.1:4320',
  TRACE_STORE_ENDPOINT: 'http://127.0.0.1:4321',
  TLS_CERT: '/etc/tls/tls.crt',
  TLS_KEY: '/etc/tls/tls.key',
};

let binary: string;
beforeAll(async () => {
  binary = await collectorBinary();
}, 1_500_000);

function validate(files: readonly string[]): Promise<unknown> {
  const configs = files.flatMap((file) => ['--config', path.join(CONFIGURATIONS, file)]);
  return run(binary, ['validate', ...configs], { env: { PATH: process.env['PATH'], ...ENVIRONMENT } });
}

describe('the Collector', () => {
  it.for([
    [['agent.yaml', 'redaction.yaml']],
    [['agent.yaml', 'redaction.yaml', 'overlays/tls.yaml']],
    [['gateway.yaml']],
    [['gateway.yaml', 'overlays/tls.yaml']],
    [['gateway.yaml', 'overlays/shards.yaml']],
    [['gateway.yaml', 'overlays/trace-store.yaml']],
    [['gateway.yaml', 'overlays/compose.yaml']],
    [['gateway.yaml', 'overlays/shards.yaml', 'overlays/tls.yaml']],
  ] as const)('takes %j', async ([files]) => {
    await expect(validate(files)).resolves.toBeDefined();
  });

  it('does not start as an agent that redacts nothing', async () => {
    // Of the two that are missing it names the one that it comes to first.
    await expect(validate(['agent.yaml'])).rejects.toThrow(/"transform\/(?:lift|keep)" which is not configured/);
  });
});
