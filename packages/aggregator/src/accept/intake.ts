// In: export requests of any protocol. Out: inflated bodies with the tenants their senders may speak for, to the pipeline; its answers back.
// Refused: unknown keys, foreign tenants, too much at a time or in all; each counted by its code.

import type { Signal } from '@turnmeter/accounting';
import type { Keyring } from '../keyring.ts';
import type { IngestRequest, IngestResult } from '../pipeline.ts';
import type { Telemetry } from '../telemetry.ts';
import { TENANT_NAME } from '../tenant-name.ts';
import { ByteBudget, type Holding } from './byte-budget.ts';
import { discard } from './discard.ts';
import { type ContentEncoding, inflate, InflationSlots } from './inflate.ts';
import type { Encoding } from './otlp-answer.ts';
import { Refusal, RefusalReason } from './refusal.ts';
import { RequestQuota } from './request-quota.ts';

type TenantScope = IngestRequest['tenants'];

/** Resolves when what was taken is durable; see `Pipeline.ingest`. */
export type Ingest = (request: IngestRequest) => Promise<IngestResult>;

export interface IntakeOptions {
  readonly ingest: Ingest;
  readonly keyring: Keyring;
  readonly telemetry: Telemetry;
  /** Largest body, on the wire and inflated (bytes). */
  readonly bodyBytesMax: number;
  /** Bodies in memory at a time, all together (bytes). */
  readonly bytesInFlightMax: number;
  /** Per tenant; no bound when undefined. */
  readonly requestsPerSecondMax: number | undefined;
  /** µs since the epoch. */
  readonly nowUs: () => number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Who is sending, by what the protocol's headers say. */
export interface Sender {
  readonly authorization: string | undefined;
  /** `X-Scope-OrgID`. */
  readonly tenant: string | undefined;
}

export interface Parcel {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly contentEncoding: ContentEncoding;
  readonly body: Buffer;
  readonly tenants: TenantScope;
  readonly holding: Holding;
}

/** Tenant of those who name none where nobody needs a key. */
const DEFAULT_TENANT = 'default';
/** Inflations at a time (the engine has four threads for them), and how many may wait. */
const INFLATIONS_MAX = 4;
const INFLATIONS_WAITING_MAX = 64;

export class Intake {
  readonly bodyBytesMax: number;
  readonly budget: ByteBudget;
  readonly #options: IntakeOptions;
  readonly #slots = new InflationSlots(INFLATIONS_MAX, INFLATIONS_WAITING_MAX);
  readonly #quota: RequestQuota | undefined;
  #isStopping = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.bodyBytesMax = options.bodyBytesMax;
    this.budget = new ByteBudget(options.bytesInFlightMax);
    const perSecond = options.requestsPerSecondMax;
    const nowMs = (): number => options.nowUs() / 1000;
    if (perSecond !== undefined) this.#quota = new RequestQuota({ perSecond, nowMs, random: options.random });
  }

  /** From now on every new request is refused; those under way go on. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Decides by the headers alone, before a byte of the body is read, whether the sender may send and for whom. */
  admit(sender: Sender): TenantScope {
    if (this.#isStopping) throw new Refusal(RefusalReason.STOPPING, 'the service is stopping, please send again');
    const { scope, owner } = this.#identify(sender);
    this.#quota?.take(owner);
    return scope;
  }

  /** Inflates a body and hands it on. */
  async take(parcel: Parcel): Promise<IngestResult> {
    const { signal, encoding, contentEncoding, tenants, holding } = parcel;
    const { ingest, telemetry, nowUs } = this.#options;
    const receivedUs = nowUs();
    const body = await inflate(parcel.body, contentEncoding, { bytesMax: this.bodyBytesMax, slots: this.#slots });
    if (body !== parcel.body) holding.grow(parcel.body.length + body.length);
    telemetry.count('turnmeter_request_bytes_total', { signal }, body.length);
    // A request without any telemetry is a success.
    if (body.length === 0) return { rejected: 0, message: '' };
    const onRead = (): void => {
      if (body !== parcel.body) discard(body);
    };
    try {
      return await ingest({ signal, encoding, body, tenants, receivedUs, onRead });
    } finally {
      onRead();
    }
  }

  #identify({ authorization, tenant }: Sender): { scope: TenantScope; owner: string } {
    const picked = tenant === undefined || tenant === '' ? undefined : tenant;
    if (picked !== undefined && !TENANT_NAME.test(picked))
      throw new Refusal(
        RefusalReason.BAD_TENANT,
        'X-Scope-OrgID is no tenant name: expected letters, digits and ._@-, at most 128',
      );
    if (this.#options.keyring.isOpen) return alone(picked ?? DEFAULT_TENANT);
    const key = this.#options.keyring.find(authorization);
    if (key === undefined)
      throw new Refusal(RefusalReason.UNKNOWN_KEY, 'no known key: expected Authorization: Bearer <key>');
    if (key.scope === 'read') throw new Refusal(RefusalReason.READ_ONLY_KEY, 'the key may read and not send');
    const { tenants } = key;
    if (picked !== undefined) {
      if (tenants === '*' || tenants.includes(picked)) return alone(picked);
      throw new Refusal(RefusalReason.FOREIGN_TENANT, 'X-Scope-OrgID names a tenant that the key may not speak for');
    }
    const [only, another] = tenants === '*' ? [] : tenants;
    if (only !== undefined && another === undefined) return alone(only);
    // Whose it is must stand in each resource: a guess would show one tenant's figures to another.
    return { scope: { fallback: undefined, mayName: tenants }, owner: `key ${key.name}` };
  }
}

/** The credential or the header has said it: what the payload says is not asked. */
function alone(tenant: string): { scope: TenantScope; owner: string } {
  return { scope: { fallback: tenant, mayName: [] }, owner: tenant };
}
