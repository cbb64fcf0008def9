import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { KeyConfig } from '../src/config/config.ts';
import { Keyring } from '../src/keyring.ts';

function keyNamed(name: string): KeyConfig {
  return { name, sha256: createHash('sha256').update(name).digest('hex'), tenants: '*', scope: 'all' };
}

describe('a configuration that is read anew', () => {
  it('does not open a service by leaving its keys out', () => {
    const keyring = new Keyring([keyNamed('first')]);
    keyring.replaceConfigured([]);
    expect(keyring.isOpen).toBe(false);
    expect(keyring.find('Bearer first')).toBeUndefined();
  });

  it('closes a service that had none, for good', () => {
    const keyring = new Keyring([]);
    expect(keyring.isOpen).toBe(true);
    keyring.replaceConfigured([keyNamed('first')]);
    expect([keyring.isOpen, keyring.find('Bearer first')?.name]).toEqual([false, 'first']);
    keyring.replaceConfigured([]);
    expect(keyring.isOpen).toBe(false);
  });
});
