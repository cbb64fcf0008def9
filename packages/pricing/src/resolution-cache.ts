import type { PriceRequest } from './price-request.ts';
import type { Resolution, ResolutionNames } from './resolution.ts';

/** What a cache of resolutions depends on. */
export interface ResolutionCacheOptions {
  /** Kinds of calls that are remembered at least; at most twice as many are held. */
  readonly entriesMax: number;
  /** Those that overrides name; others do not tell calls apart. */
  readonly tenants: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
}

interface Entry extends ResolutionNames {
  readonly resolution: Resolution;
  readonly next: Entry | undefined;
}

// Longer names are nobody's, and keeping them would let a sender fill memory.
const NAME_LENGTH_MAX = 256;

// One model of one tenant seen with so many providers and tiers: beyond it, older ones are found again when needed.
const CHAIN_LENGTH_MAX = 64;

/**
 * Remembers resolutions by the names of a call. Hostile names cost memory only up to the limit: when one generation is full,
 * it becomes the old one and the one before it is forgotten; what is used meanwhile moves to the new one. A hit writes
 * nothing and builds no key.
 */
export class ResolutionCache {
  readonly #options: ResolutionCacheOptions;
  #recent = new Map<string, Entry>();
  #older = new Map<string, Entry>();
  #recentCount = 0;

  constructor(options: ResolutionCacheOptions) {
    this.#options = options;
  }

  /** Resolutions held now. */
  get size(): number {
    return [...this.#recent.values(), ...this.#older.values()].reduce((sum, entry) => sum + chainLength(entry), 0);
  }

  /** The resolution for a call; made by `resolve` if it is not remembered. */
  get(request: PriceRequest, resolve: (names: ResolutionNames) => Resolution): Resolution {
    const tenant = nameIfKnown(request.tenant, this.#options.tenants);
    const key = keyOf(request, tenant);
    const known = this.#find(this.#recent.get(key), request, tenant);
    if (known !== undefined) {
      return known.resolution;
    }
    const names = this.#detach(request, tenant);
    if (Object.values(names).some((text) => text !== undefined && text.length > NAME_LENGTH_MAX)) {
      return resolve(names);
    }
    const resolution = this.#find(this.#older.get(key), request, tenant)?.resolution ?? resolve(names);
    this.#keep(names, resolution);
    return resolution;
  }

  #find(first: Entry | undefined, request: PriceRequest, tenant: string | undefined): Entry | undefined {
    for (let entry = first; entry !== undefined; entry = entry.next) {
      if (
        // Equal if both are there: the chain is found by it.
        (entry.responseModel === undefined) === (request.responseModel === undefined) &&
        entry.provider === request.provider &&
        entry.requestModel === request.requestModel &&
        entry.model === request.model &&
        entry.serviceTier === request.serviceTier &&
        entry.tenant === tenant &&
        entry.region === nameIfKnown(request.region, this.#options.regions)
      ) {
        return entry;
      }
    }
    return undefined;
  }

  #keep(names: ResolutionNames, resolution: Resolution): void {
    if (this.#recentCount >= this.#options.entriesMax) {
      this.#older = this.#recent;
      this.#recent = new Map();
      this.#recentCount = 0;
    }
    const key = keyOf(names, names.tenant);
    const chain = this.#recent.get(key);
    const isFull = chainLength(chain) >= CHAIN_LENGTH_MAX;
    this.#recent.set(key, { ...names, resolution, next: isFull ? undefined : chain });
    this.#recentCount += isFull ? 1 - CHAIN_LENGTH_MAX : 1;
  }

  /** The names alone, in copies that do not keep the request's body alive, which they may be slices of. */
  #detach(request: PriceRequest, tenant: string | undefined): ResolutionNames {
    return {
      provider: detach(request.provider),
      responseModel: detach(request.responseModel),
      model: detach(request.model),
      requestModel: detach(request.requestModel),
      serviceTier: detach(request.serviceTier),
      tenant: detach(tenant),
      region: detach(nameIfKnown(request.region, this.#options.regions)),
    };
  }
}

function nameIfKnown(name: string | undefined, known: ReadonlySet<string>): string | undefined {
  return known.size > 0 && name !== undefined && known.has(name) ? name : undefined;
}

/** Not unique, and need not be: what else must agree is compared entry by entry. Tenants are many, so they get chains of their own. */
function keyOf({ responseModel, model, requestModel }: ResolutionNames, tenant: string | undefined): string {
  const name = responseModel ?? model ?? requestModel ?? '';
  return tenant === undefined ? name : `${tenant}\u0000${name}`;
}

function chainLength(first: Entry | undefined): number {
  let length = 0;
  for (let entry = first; entry !== undefined; entry = entry.next) {
    length += 1;
  }
  return length;
}

/**
 * A copy of its own memory. By way of UTF-16, which changes no character, not even half a surrogate pair. Of a text that is too
 * long only as much that it still is.
 */
function detach(text: string | undefined): string | undefined {
  return text === undefined
    ? undefined
    : Buffer.from(text.slice(0, NAME_LENGTH_MAX + 1), 'utf16le').toString('utf16le');
}
