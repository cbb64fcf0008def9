// How much one request may hold. What passes a limit is counted and cut, never silently dropped.

export interface DecodeLimits {
  /** Records of one request; more are rejected. An SDK sends 512 at a time, a Collector 8,192. @default 131072 */
  readonly recordsMax: number;
  /** Resources, scopes and metrics of one request together; more make it unreadable. @default 262144 */
  readonly partsMax: number;
  /**
   * Attributes of one record that can be asked for by name. Those that tell something (usage, identity, a producer's mark) are read
   * beyond it too. SDKs stop at 128; OpenInference flattens long chats into more. @default 4096
   */
  readonly attributesMax: number;
  /**
   * Bytes of one value that are read. Usage can stand at the end of a text (Google ADK); the longest that `accounting` parses has
   * 64,000 characters of up to four bytes. @default 262144
   */
  readonly valueBytesMax: number;
  /** Bytes of one attribute name that are read. @default 1024 */
  readonly nameBytesMax: number;
  /** Lists and maps inside one value are read down to this depth; what is deeper reads as null. @default 16 */
  readonly nestingMax: number;
  /** Links of one span that are read. @default 1024 */
  readonly linksMax: number;
  /** Names that nobody listed and that are looked at for their words, in one request: each costs microseconds. @default 20000 */
  readonly newNamesMax: number;
}

export const DEFAULT_LIMITS: DecodeLimits = {
  recordsMax: 131_072,
  partsMax: 262_144,
  attributesMax: 4096,
  valueBytesMax: 262_144,
  nameBytesMax: 1024,
  nestingMax: 16,
  linksMax: 1024,
  newNamesMax: 20_000,
};
