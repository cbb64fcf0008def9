import type { EngineConfig } from './engine/engine-config.ts';
import type { EmbeddedClickHouseErrorCode } from './errors.ts';

/** What the supervisor tells the engine's process. A connection comes with a message of its own. */
export type SupervisorMessage =
  | { readonly kind: 'start'; readonly config: EngineConfig }
  | { readonly kind: 'connection'; readonly id: number }
  | { readonly kind: 'stop'; readonly graceMs: number };

/** What the engine's process tells its supervisor. */
export type EngineMessage =
  | { readonly kind: 'ready'; readonly version: string }
  /** The connection has arrived, so that the supervisor may close its own end of it. */
  | { readonly kind: 'taken'; readonly id: number }
  | { readonly kind: 'failed'; readonly code: EmbeddedClickHouseErrorCode; readonly message: string };
