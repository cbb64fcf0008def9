// In: the address of a webhook, which a tenant wrote. Out: where a connection may go. Refused: whatever leads to this machine, its
// network or the metadata service of its cloud, whichever way it is written and whatever its name resolves to (server-side request forgery).

import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { TargetError } from './alert-error.ts';

export interface TargetRules {
  /** Whether webhooks may go to private addresses, and without TLS. */
  readonly allowPrivate: boolean;
  /** Looks a name up. @default the system's resolver */
  readonly resolve?: ((host: string) => Promise<readonly ResolvedAddress[]>) | undefined;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

const URL_CHARS_MAX = 2048;
/** Answers of platforms on public addresses that only machines within see: Azure's wire server. */
const PLATFORM_ADDRESSES: ReadonlySet<string> = new Set(['168.63.129.16']);
/** All that IANA gives out for the public Internet; `::7f00:1` and other embeddings of IPv4 are outside of it. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** What is wrong with an address can be told before anything is looked up. @throws TargetError */
export function checkTargetUrl(text: string, { allowPrivate }: TargetRules): URL {
  if (text.length > URL_CHARS_MAX || !URL.canParse(text)) {
    throw new TargetError(
      'url_invalid',
      `expected an address of at most ${URL_CHARS_MAX} characters like https://example.com/hook`,
    );
  }
  // Octal, hexadecimal, decimal and full-width forms of an address are one after this: http://0177.1 is 127.0.0.1.
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TargetError('url_invalid', `expected https, received ${url.protocol.slice(0, 20)}`);
  }
  if (url.protocol === 'http:' && !allowPrivate) {
    throw new TargetError('https_required', 'expected https: a message would cross the network in the clear');
  }
  if (url.username !== '' || url.password !== '') {
    throw new TargetError('credentials_in_url', 'expected no user and password in it: the signature says who sends');
  }
  const address = addressIn(url);
  if (address !== undefined && !allowPrivate) refusePrivate(address, url.hostname);
  return url;
}

/** The address that a URL names itself; undefined for a name. */
function addressIn({ hostname }: URL): string | undefined {
  const text = hostname.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(text) ? text : undefined;
}

/**
 * How a connection finds its address: what is looked up is checked, and only that is connected to. A name that leads elsewhere a moment
 * later (DNS rebinding) is not asked again.
 */
export async function pinnedLookup(
  url: URL,
  { allowPrivate, resolve = resolveBySystem }: TargetRules,
): Promise<LookupFunction> {
  const own = addressIn(url);
  const found = own === undefined ? await resolveName(url.hostname, resolve) : [resolved(own)];
  if (!allowPrivate) for (const { address } of found) refusePrivate(address, url.hostname);
  return (_hostname, options, callback) => {
    const [first] = found;
    if (options.all === true) callback(null, [...found]);
    else if (first !== undefined) callback(null, first.address, first.family);
  };
}

function resolved(address: string): ResolvedAddress {
  return { address, family: ipaddr.parse(address).kind() === 'ipv6' ? 6 : 4 };
}

async function resolveName(
  host: string,
  resolve: NonNullable<TargetRules['resolve']>,
): Promise<readonly ResolvedAddress[]> {
  let found: readonly ResolvedAddress[] = [];
  let cause: unknown;
  try {
    found = await resolve(host);
  } catch (error) {
    cause = error;
  }
  if (found.length > 0) return found;
  throw new TargetError('host_unknown', `${shortened(host)} could not be resolved`, { cause });
}

function resolveBySystem(host: string): Promise<readonly ResolvedAddress[]> {
  return lookup(host, { all: true });
}

/** One of several addresses being private is enough: nobody says which of them is connected to. */
function refusePrivate(address: string, host: string): void {
  if (isPublic(address)) return;
  throw new TargetError(
    'private_target',
    `${shortened(host)} leads to an address that is not public: expected a receiver on the Internet (alerts.allow_private_targets allows others)`,
  );
}

function isPublic(address: string): boolean {
  // What cannot be read is no address that should be connected to; a zone (fe80::1%eth0) is of a local link.
  if (!ipaddr.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.process(address);
  if (PLATFORM_ADDRESSES.has(parsed.toString()) || parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

function shortened(host: string): string {
  return host.length > 100 ? `${host.slice(0, 99)}…` : host;
}
