// In: the headers of a request. Out: the tenant it is about. Refused: unknown keys, keys that may not read, tenants that are not the key's.

import type { IncomingHttpHeaders } from 'node:http';
import type { KeyConfig } from '../config/config.ts';
import type { Keyring } from '../keyring.ts';
import type { Tenants } from '../query/workflows.ts';
import { TENANT_NAME } from '../tenant-name.ts';
import { Problem, shown } from './problem.ts';

/** Who asks, and for whom. */
export interface Caller {
  /** What the key is called; empty where there are no keys. */
  readonly key: string;
  /** `every` only for operators who ask for all. */
  readonly tenants: Tenants;
  /** Whether they may change anything: finalize, reprice, stop. */
  readonly mayChange: boolean;
  /** Whether they may do so for all tenants, whichever they ask for. */
  readonly mayOperate: boolean;
  /** Whether their key is still one; there is nothing to take away where there are no keys. */
  readonly isStillKnown: () => boolean;
}

/** What a key may be for, to be let in. */
export type Scopes = readonly KeyConfig['scope'][];
export const ScopesOf: Readonly<Record<'READERS' | 'APPS' | 'EVERYBODY', Scopes>> = {
  READERS: ['read', 'all'],
  /** Apps, which have a key to send with. */
  APPS: ['ingest', 'all'],
  EVERYBODY: ['ingest', 'read', 'all'],
};

const TENANT_HEADER = 'x-scope-orgid';
/** What an operator names to ask for all tenants. No tenant can be called so. */
const EVERY = '*';
const TENANT_DEFAULT = 'default';

/** @throws Problem 401, 403, 400 */
export function authenticate(
  headers: IncomingHttpHeaders,
  keyring: Keyring,
  scopes: Scopes = ScopesOf.READERS,
): Caller {
  const named = headers[TENANT_HEADER];
  const header = typeof named === 'string' ? named.trim() : undefined;
  if (keyring.isOpen) {
    const tenants = scopeOf(header ?? TENANT_DEFAULT);
    return { key: '', tenants, mayChange: true, mayOperate: true, isStillKnown: () => keyring.isOpen };
  }
  const key = findKey(headers, keyring, scopes);
  return {
    key: key.name,
    tenants: choose(header, key),
    mayChange: key.scope === 'all',
    mayOperate: key.tenants === '*' && key.scope === 'all',
    isStillKnown: () => keyring.holds(key),
  };
}

function findKey(headers: IncomingHttpHeaders, keyring: Keyring, scopes: Scopes): KeyConfig {
  const { authorization } = headers;
  if (authorization === undefined) {
    throw new Problem({
      status: 401,
      code: 'key_missing',
      detail: 'No key was sent: expected the header Authorization: Bearer <key>.',
    });
  }
  const key = keyring.find(authorization);
  if (key === undefined) {
    throw new Problem({
      status: 401,
      code: 'key_unknown',
      detail: 'The key in the header Authorization is not one of this service.',
    });
  }
  if (!scopes.includes(key.scope)) throw wrongScope(key);
  return key;
}

function wrongScope({ name, scope }: KeyConfig): Problem {
  const isSender = scope === 'ingest';
  return new Problem({
    status: 403,
    code: isSender ? 'key_may_not_read' : 'key_may_not_send',
    detail: isSender
      ? `The key ${shown(name)} may send and not read: expected one with the scope read or all.`
      : `The key ${shown(name)} may read and not send: expected one with the scope ingest or all.`,
  });
}

/** The header picks one of the key's tenants; a key with one tenant needs none. */
function choose(header: string | undefined, { name, tenants }: KeyConfig): Tenants {
  if (header === undefined) {
    const [only, ...others] = tenants;
    if (tenants !== '*' && only !== undefined && others.length === 0) return { tenant: only };
    throw new Problem({
      status: 400,
      code: 'tenant_missing',
      detail: `The key ${shown(name)} may read several tenants: expected one of them in the header X-Scope-OrgID.`,
      errors: [{ parameter: 'X-Scope-OrgID', detail: 'expected the name of a tenant, received none' }],
    });
  }
  const scope = scopeOf(header);
  const isAllowed = tenants === '*' || (scope !== 'every' && tenants.includes(scope.tenant));
  if (!isAllowed) {
    throw new Problem({
      status: 403,
      code: 'tenant_not_allowed',
      detail: `The key ${shown(name)} may not read the tenant ${shown(header)}.`,
    });
  }
  return scope;
}

function scopeOf(header: string): Tenants {
  if (header === EVERY) return 'every';
  if (TENANT_NAME.test(header)) return { tenant: header };
  throw new Problem({
    status: 400,
    code: 'tenant_invalid',
    detail: `The tenant ${shown(header)} cannot be: expected letters, digits and . _ @ -, at most 128 of them.`,
    errors: [{ parameter: 'X-Scope-OrgID', detail: 'expected letters, digits and . _ @ -, at most 128 of them' }],
  });
}

/** The one tenant of a request that cannot be about all. */
export function tenantOf({ tenants }: Caller): string {
  if (tenants !== 'every') return tenants.tenant;
  throw new Problem({
    status: 400,
    code: 'tenant_missing',
    detail: 'This can only be asked for one tenant: expected its name in the header X-Scope-OrgID, received *.',
    errors: [{ parameter: 'X-Scope-OrgID', detail: 'expected the name of one tenant, received *' }],
  });
}

/** @throws Problem 403 */
export function refuseReaders({ key, mayChange }: Caller): void {
  if (mayChange) return;
  throw new Problem({
    status: 403,
    code: 'key_may_only_read',
    detail: `The key ${shown(key)} may only read: expected one with the scope all.`,
  });
}

/** For what is about all tenants at once. @param doing what is done by operators alone: `Keys are made` @throws Problem 403 */
export function refuseTenants(caller: Caller, doing: string): void {
  refuseReaders(caller);
  if (caller.mayOperate) return;
  throw new Problem({
    status: 403,
    code: 'key_may_not_operate',
    detail: `${doing} by whoever may do everything for all tenants: expected such a key.`,
  });
}

/** Figures about the service itself are of all tenants, so they are for whoever may read all. */
export function authenticateOperator(headers: IncomingHttpHeaders, keyring: Keyring): void {
  if (keyring.isOpen) return;
  const key = findKey(headers, keyring, ScopesOf.READERS);
  if (key.tenants === '*') return;
  throw new Problem({
    status: 403,
    code: 'key_may_not_read',
    detail: `The key ${shown(key.name)} is for single tenants: expected one for all of them.`,
  });
}

export function mayOperate(headers: IncomingHttpHeaders, keyring: Keyring): boolean {
  return keyring.isOpen || keyring.find(headers.authorization)?.tenants === '*';
}
