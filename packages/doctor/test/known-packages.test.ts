// The table against what it is about: the instrumentation says itself what it wraps.

import { turnmeterInstrumentations } from '@turnmeter/instrumentation';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import {
  Attachment,
  frameworkNamed,
  instrumentationNamed,
  KNOWN_FRAMEWORKS,
  KNOWN_INSTRUMENTATIONS,
} from '../src/known-packages.ts';

/** Packages that our instrumentations wrap, with the lowest version of each. */
function wrapped(): ReadonlyMap<string, string | undefined> {
  const definitions = turnmeterInstrumentations({ enabled: false }).flatMap((one) => one.getModuleDefinitions());
  return new Map(
    definitions.map(({ name, supportedVersions }) => [
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
      semver.minVersion(supportedVersions.join(' || '))?.version,
    ]),
  );
}

/** What apps install by another name than the one that is wrapped. */
const PARTS: Readonly<Record<string, string>> = {
  '@langchain/langgraph': '@langchain/core',
  '@openai/agents-core': '@openai/agents',
};

describe('known packages', () => {
  it('have the versions that the instrumentation wraps, for everything that it wraps', () => {
    expect(wrapped().size).toBeGreaterThan(3);
    for (const [name, least] of wrapped()) {
      expect([name, semver.minVersion(frameworkNamed(PARTS[name] ?? name)?.versions ?? '0')?.version]).toEqual([
        name,
        least,
      ]);
    }
  });

  it('are said to be attached by hooks only where there are hooks', () => {
    const hooked = KNOWN_FRAMEWORKS.filter(({ attachment }) => attachment === Attachment.HOOKS);
    expect(hooked.map(({ name }) => name).filter((name) => !wrapped().has(name))).toEqual([]);
  });

  it('have ranges that can be read', () => {
    const ranges = [
      ...KNOWN_FRAMEWORKS.map(({ versions }) => versions),
      ...KNOWN_INSTRUMENTATIONS.flatMap(({ faults = [] }) => faults.map(({ versions }) => versions)),
    ];
    expect(ranges.filter((range) => semver.validRange(range) === null)).toEqual([]);
  });

  it('are found by their own name before the beginning of it', () => {
    expect(instrumentationNamed('@traceloop/instrumentation-openai')?.faults).toHaveLength(1);
    expect(instrumentationNamed('@traceloop/instrumentation-cohere')?.name).toBe('@traceloop/instrumentation-*');
    expect(instrumentationNamed('@opentelemetry/instrumentation-http')).toBeUndefined();
  });
});
