// In: nothing, or an address. Out: a newer price list. This is the only code of the package that talks to anybody, and only
// when it is called; the price book in use stays as it is until the caller makes another one.
import { REMOTE_DATA_JSON_URL } from '@pydantic/genai-prices';
import { PricingError, PricingErrorCode } from './pricing-error.ts';
import { parseSnapshot, type PriceSnapshot } from './snapshot.ts';

/** How newer prices are fetched. */
export interface UpdatePricesOptions {
  /**
   * Where from: `https:`, or `http:` on loopback.
   *
   * @defaultValue the data file in the repository of `@pydantic/genai-prices`
   */
  readonly url?: string | undefined;
  /** The SHA-256 that the price list must have, in hexadecimal. Anything is taken if left out. */
  readonly sha256?: string | undefined;
  /** @defaultValue 10 seconds */
  readonly timeoutMs?: number | undefined;
  /** @defaultValue 32 MiB; the list has about 1 MiB */
  readonly bytesMax?: number | undefined;
}

const TIMEOUT_MS_DEFAULT = 10_000;
const BYTES_MAX_DEFAULT = 32 * 1024 * 1024;

/**
 * Fetches a newer price list. Prices are never fetched otherwise.
 *
 * @returns a snapshot for {@link createPriceBook}
 * @throws PricingError `snapshot_unavailable` (retryable), `snapshot_invalid`, `snapshot_changed`
 */
export async function updatePrices(options: UpdatePricesOptions = {}): Promise<PriceSnapshot> {
  const url = parseUrl(options.url ?? REMOTE_DATA_JSON_URL);
  const text = await fetchText(url, options);
  const snapshot = parseSnapshot(parseJson(text, url), { label: `genai-prices@${url.host}` });
  if (options.sha256 !== undefined && options.sha256.toLowerCase() !== snapshot.sha256) {
    throw new PricingError(
      PricingErrorCode.SnapshotChanged,
      `prices from ${url.host} are not the expected ones; expected SHA-256 ${options.sha256}, received ${snapshot.sha256}`,
    );
  }
  return snapshot;
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  const isLoopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) {
    throw new PricingError(
      PricingErrorCode.SnapshotInvalid,
      `prices cannot be fetched; expected an https address (http on loopback only), received ${url?.protocol ?? 'no address'}`,
    );
  }
  return url;
}

async function fetchText(url: URL, options: UpdatePricesOptions): Promise<string> {
  const bytesMax = options.bytesMax ?? BYTES_MAX_DEFAULT;
  try {
    // A redirect could lead to plain http or into the network of this machine.
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS_DEFAULT),
    });
    if (!response.ok || response.body === null) {
      throw unavailable(url, 'a response with status 200', `status ${response.status}`);
    }
    const decoder = new TextDecoder();
    let bytes = 0;
    let text = '';
    for await (const chunk of response.body) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) {
        throw unavailable(url, `at most ${bytesMax} bytes`, 'more');
      }
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  } catch (cause) {
    throw cause instanceof PricingError ? cause : unavailable(url, 'a response', 'none', cause);
  }
}

function parseJson(text: string, url: URL): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PricingError(
      PricingErrorCode.SnapshotInvalid,
      `prices from ${url.host} are not understood; expected JSON, received something else`,
      { cause },
    );
  }
}

function unavailable(url: URL, expected: string, received: string, cause?: unknown): PricingError {
  return new PricingError(
    PricingErrorCode.SnapshotUnavailable,
    `prices could not be fetched from ${url.host}; expected ${expected}, received ${received}`,
    { cause, retryable: true },
  );
}
