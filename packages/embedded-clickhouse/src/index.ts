export { EmbeddedClickHouseError, EmbeddedClickHouseErrorCode } from './errors.ts';
export { EngineState, type EmbeddedClickHouseOptions, type EngineLogger, type EngineStateChange } from './options.ts';
export type { EngineLog } from './engine/engine-config.ts';
export { startEmbeddedClickHouse, type EmbeddedClickHouse } from './start.ts';
