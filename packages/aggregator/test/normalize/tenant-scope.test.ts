import { BUILT_IN_PROFILES, ObjectAttributes, ProfileList, type Resource } from '@turnmeter/accounting';
import { describe, expect, it } from 'vitest';
import { ownTenantOf, tenantOf } from '../../src/normalize/tenant-scope.ts';

const profiles = new ProfileList(BUILT_IN_PROFILES);

function resource(tenant?: string): Resource {
  return { attributes: new ObjectAttributes(tenant === undefined ? {} : { 'turnmeter.tenant.id': tenant }, profiles) };
}

describe('tenantOf', () => {
  it('gives records to the tenant of the credential', () => {
    expect(tenantOf(resource(), { fallback: 'shop', mayName: [] })).toEqual({ tenant: 'shop' });
  });

  it('does not let the payload name a tenant when the key speaks for one', () => {
    expect(tenantOf(resource('bank'), { fallback: 'shop', mayName: [] })).toEqual({ tenant: 'shop' });
  });

  it('lets the payload name one of the tenants the key may speak for, and no other', () => {
    const scope = { fallback: undefined, mayName: ['shop', 'bank'] };
    expect(tenantOf(resource('bank'), scope)).toEqual({ tenant: 'bank' });
    expect(tenantOf(resource('mint'), scope)).toEqual({ refused: 'tenant_not_allowed' });
    expect(tenantOf(resource(), scope)).toEqual({ refused: 'tenant_missing' });
  });

  it('refuses names that could not be file or log text', () => {
    for (const name of ['../x', 'a b', "a'; DROP TABLE entries", 'é', 'x'.repeat(200), '.hidden']) {
      expect(tenantOf(resource(name), { fallback: 'shop', mayName: '*' })).toEqual({ refused: 'tenant_invalid' });
    }
  });
});

describe('ownTenantOf', () => {
  it('is what a span or point names, where its sender may speak for that tenant', () => {
    const scope = { fallback: undefined, mayName: ['shop', 'bank'] };
    expect(ownTenantOf(resource('bank'), scope)).toEqual({ tenant: 'bank' });
    expect(ownTenantOf(resource('mint'), scope)).toEqual({ refused: 'tenant_not_allowed' });
    expect(ownTenantOf(resource(), scope)).toBeUndefined();
  });

  it('is nothing where the credential has said it already', () => {
    expect(ownTenantOf(resource('bank'), { fallback: 'shop', mayName: [] })).toBeUndefined();
  });
});
