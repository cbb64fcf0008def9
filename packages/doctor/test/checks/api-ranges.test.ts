import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

describe('api-ranges', () => {
  const sdk = { peerDependencies: { '@opentelemetry/api': '>=1.3.0 <1.10.0' } };

  it('finds an SDK that asks for another API than the one that is installed', async () => {
    const [finding] = await findingsOf('api-ranges', {
      packages: { '@opentelemetry/api@1.10.0': {}, '@opentelemetry/sdk-trace-base@2.12.0': sdk },
    });
    expect(finding).toMatchObject({
      severity: 'advice',
      found:
        '@opentelemetry/api@1.10.0 is outside of what 1 of 1 OpenTelemetry packages ask for: @opentelemetry/sdk-trace-base@2.12.0 wants >=1.3.0 <1.10.0',
      fix: ["npm install '@opentelemetry/api@>=1.3.0 <1.10.0'"],
    });
  });

  it('is silent where all agree', async () => {
    expect(
      await findingsOf('api-ranges', {
        packages: { '@opentelemetry/api@1.9.1': {}, '@opentelemetry/sdk-trace-base@2.12.0': sdk },
      }),
    ).toEqual([]);
  });
});
