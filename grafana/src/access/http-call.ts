import { AccessError, AccessErrorCode } from './access-error.ts';

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Said instead of the body, which may hold a password. */
  readonly what: string;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** For one answer: making a view takes milliseconds, storing a dashboard less than a second. */
const ANSWER_MS_MAX = 30_000;

/** @throws AccessError `refused` if nobody answers, or with anything but success or one of `expected`. */
export async function call(
  { method, url, headers, body, what }: Call,
  expected: readonly number[] = [],
): Promise<Reply> {
  let reply: Reply;
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      // A redirect would take the password along.
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    reply = { status: response.status, text: await response.text() };
  } catch (cause) {
    throw new AccessError(AccessErrorCode.refused, `${what}: ${new URL(url).host} did not answer`, { cause });
  }
  if ((reply.status >= 200 && reply.status < 300) || expected.includes(reply.status)) return reply;
  throw new AccessError(
    AccessErrorCode.refused,
    `${what}: expected success, received ${reply.status} ${reply.text.slice(0, 300)}`,
  );
}
