import type { PriceOverride } from '@turnmeter/pricing';
import type { GuardOptions } from './guard/guard-options.ts';

/** How the instrumentation behaves; every field may be left out. */
export interface TurnmeterConfig {
  /** The kind of chat, where the code does not say. @default `TURNMETER_WORKFLOW` */
  readonly workflow?: string | undefined;
  /** The tenant, where the code does not say. @default `TURNMETER_TENANT` */
  readonly tenant?: string | undefined;
  /** The session, for a process that is one session. @default `TURNMETER_SESSION` */
  readonly session?: string | undefined;
  /**
   * Puts prompts and answers on spans. Off unless asked for: they are the users' words.
   * @default `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`
   */
  readonly captureContent?: boolean | undefined;
  /** The most characters of one attribute of content. @default 16384 */
  readonly contentLengthMax?: number | undefined;
  /** Changes content before it is put on a span; undefined leaves it out. What it throws leaves the content out too. */
  readonly redact?: ((content: Content) => string | undefined) | undefined;
  /** Your own prices, before the published ones. @default none */
  readonly prices?: readonly PriceOverride[] | undefined;
  /** Asks OpenAI's streams for their usage where the app did not: the app then sees one more chunk. @default false */
  readonly requestStreamUsage?: boolean | undefined;
  /** Time until a turn that nobody ended counts as abandoned, in milliseconds. @default 600000 */
  readonly turnTimeoutMs?: number | undefined;
  /** What sessions may cost, and what is done when they cost more. @default `TURNMETER_BUDGET_…`; without these nothing is guarded */
  readonly budget?: GuardOptions | undefined;
}

/** A text that is about to be put on a span. */
export interface Content {
  readonly kind: 'input' | 'output' | 'system' | 'tool_arguments' | 'tool_result';
  /** JSON. */
  readonly text: string;
}

/** With all defaults filled in. */
export interface ResolvedConfig {
  readonly workflow: string | undefined;
  readonly tenant: string | undefined;
  readonly session: string | undefined;
  readonly captureContent: boolean;
  readonly contentLengthMax: number;
  readonly redact: ((content: Content) => string | undefined) | undefined;
  readonly prices: readonly PriceOverride[];
  readonly requestStreamUsage: boolean;
  readonly turnTimeoutMs: number;
  readonly budget: GuardOptions | undefined;
}

/** Fills in what the configuration leaves out, from the environment and the defaults. */
export function resolveConfig(config: TurnmeterConfig = {}, env: NodeJS.ProcessEnv = process.env): ResolvedConfig {
  return Object.freeze({
    workflow: config.workflow ?? textOf(env['TURNMETER_WORKFLOW']),
    tenant: config.tenant ?? textOf(env['TURNMETER_TENANT']),
    session: config.session ?? textOf(env['TURNMETER_SESSION']),
    captureContent: config.captureContent ?? asksForContent(env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT']),
    contentLengthMax: config.contentLengthMax ?? CONTENT_LENGTH_MAX,
    redact: config.redact,
    prices: config.prices ?? [],
    requestStreamUsage: config.requestStreamUsage ?? env['TURNMETER_REQUEST_STREAM_USAGE'] === 'true',
    turnTimeoutMs: config.turnTimeoutMs ?? TURN_TIMEOUT_MS,
    budget: config.budget,
  });
}

const CONTENT_LENGTH_MAX = 16_384;
const TURN_TIMEOUT_MS = 600_000;

/** `true` as in JavaScript's instrumentations, the others as in Python's. */
function asksForContent(value: string | undefined): boolean {
  return ['true', 'span_only', 'span_and_event'].includes(value?.trim().toLowerCase() ?? '');
}

function textOf(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
