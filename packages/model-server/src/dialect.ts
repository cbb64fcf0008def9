import type { Answer, AnswerForm } from './answer.ts';
import type { Failure } from './failures.ts';
import type { JsonObject } from './json.ts';
import type { Endpoint, RequestContent } from './script/request.ts';

/** What the address of a call says, for APIs that do not say it in the body. */
export interface CallTarget {
  readonly model?: string | undefined;
  readonly streamed?: boolean | undefined;
}

/** One event of a stream as it goes out. */
export interface Frame {
  readonly text: string;
  /** Whether it carries a piece of the answer: these are the chunks that faults count. */
  readonly isChunk?: boolean | undefined;
  /** Whether it carries the final usage. */
  readonly hasUsage?: boolean | undefined;
}

/** How one provider refuses a call, and what it stamps on every response. */
export interface ErrorDialect {
  /** Headers of every response; `requestId` in the provider's form is among them where it has one. */
  headers(requestId: string): Readonly<Record<string, string>>;
  newRequestId(): string;
  errorBody(failure: Failure, requestId: string): JsonObject;
}

/** One operation of one provider: from its words into ours and back. */
export interface Dialect extends AnswerForm, ErrorDialect {
  readonly endpoint: Endpoint;
  /** False where the provider asks no money for the operation. */
  readonly isBilled: boolean;
  /** @throws RequestError for what the real API would refuse. */
  read(body: JsonObject, target: CallTarget): RequestContent;
  /** The whole body of an answer that is not streamed. */
  plain(answer: Answer): JsonObject;
  /** Whether the plain body says what was used. */
  readonly reportsUsage: boolean;
  /** The events of a stream. */
  frames(answer: Answer): readonly Frame[];
  /** The event that breaks a stream off. */
  errorFrame(failure: Failure, requestId: string): Frame;
}

/** A server-sent event, as all providers write them. */
export function event(data: unknown, name?: string): string {
  const line = `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
  return name === undefined ? line : `event: ${name}\n${line}`;
}
