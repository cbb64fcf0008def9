// What the agent lets through is generated from what Turnmeter reads: no name is forgotten, and no text is among them.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listedSpellings } from '@turnmeter/accounting';
import { isContent, keepKeys } from '@turnmeter/collector-config/keep-keys';
import { LIFTED_PARTS } from '@turnmeter/collector-config/lifted-parts';
import { redactionText } from '@turnmeter/collector-config/redaction-text';
import * as semconv from '@turnmeter/semconv';
import { describe, expect, it } from 'vitest';
import { listFiles, read, ROOT } from './repository.ts';

describe('the redaction of the agent', () => {
  it('is written from the names as they are', () => {
    const written = readFileSync(path.join(ROOT, 'collector-config/redaction.yaml'), 'utf8');
    expect(written, 'run `npm run collector:redaction`').toBe(redactionText());
  });

  it('keeps every spelling of what is counted and of who is named', () => {
    const kept = new Set(keepKeys());
    const lifted = new Set(LIFTED_PARTS.map(({ key }) => key));
    const lost = [...listedSpellings().keys()].filter((key) => !kept.has(key) && !lifted.has(key));
    expect(lost).toEqual([]);
  });

  it('keeps no attribute whose value is what somebody said', () => {
    expect(keepKeys().filter(isContent)).toEqual([]);
    expect(keepKeys().length).toBeGreaterThan(500);
  });

  it('lifts a part out of each text in which a profile reads', () => {
    const lifted = new Set(LIFTED_PARTS.map(({ key }) => key));
    const constants = new Map(Object.entries(semconv).map(([name, value]) => [name, value]));
    const keys = listFiles(/^packages\/accounting\/src\/.*\.ts$/).flatMap((file) =>
      [...read(file).matchAll(/\bATTR_[A-Z0-9_]+/g)].map(([name]) => constants.get(name)),
    );
    const texts = keys.filter((key): key is string => typeof key === 'string' && isContent(key));
    expect([...new Set(texts)].filter((key) => !lifted.has(key))).toEqual([]);
  });
});
