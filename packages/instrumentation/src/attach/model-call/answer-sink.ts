/** Who is told of an answer as it is read. */
export interface AnswerSink {
  /** It is about to be read by code that tells of it. */
  reads(): void;
  /** It is there as a whole. */
  answered(answer: unknown): void;
  /** It comes in parts, from this object. @returns false where it is known already. */
  streams(stream: object): boolean;
  part(chunk: unknown): void;
  /** The stream is over, or nobody reads on. `abort` is why, where the app had it broken off. */
  finished(abort?: unknown): void;
  failed(error: unknown): void;
  /** Why the call was broken off by its budget. */
  readonly stopError?: Error | undefined;
}
