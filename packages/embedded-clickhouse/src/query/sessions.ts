import { ClickHouseException } from '../clickhouse-exception.ts';
import { QUERY_ID_SETTING } from '../engine/engine-config.ts';
import type { EngineConnection, NativeEngine } from '../engine/native-engine.ts';
import type { SessionRequest } from './query-request.ts';

/** A session in the hands of one request. */
export interface HeldSession {
  readonly connection: EngineConnection;
  /** What marks the session's queries in the engine's process list. */
  readonly mark: string;
  /** Lets the next request of the session have it. */
  release(): void;
}

interface Session {
  readonly connection: EngineConnection;
  readonly mark: string;
  isHeld: boolean;
  expiry: NodeJS.Timeout | undefined;
}

/** Keeps the connections of `session_id`s, each until it was not used for its timeout. */
export class Sessions {
  readonly #engine: NativeEngine;
  readonly #sessions = new Map<string, Session>();
  #opened = 0;

  constructor(engine: NativeEngine) {
    this.#engine = engine;
  }

  /** @throws ClickHouseException if the session is in use, or does not exist though it must, or there are too many. */
  hold(request: SessionRequest): HeldSession {
    const session = this.#sessions.get(request.id) ?? this.#open(request);
    if (session.isHeld) {
      throw ClickHouseException.of('SESSION_IS_LOCKED', `Session ${request.id} is locked by a concurrent client`);
    }
    session.isHeld = true;
    clearTimeout(session.expiry);
    return {
      connection: session.connection,
      mark: session.mark,
      release: (): void => {
        session.isHeld = false;
        if (request.isLast) this.#close(request.id, session);
        else session.expiry = setTimeout(() => this.#close(request.id, session), request.timeoutMs).unref();
      },
    };
  }

  /** Closes the sessions that no request holds; at a stop, none does. */
  closeAll(): void {
    for (const [id, session] of this.#sessions) if (!session.isHeld) this.#close(id, session);
  }

  #open(request: SessionRequest): Session {
    if (request.mustExist) {
      throw ClickHouseException.of('SESSION_NOT_FOUND', `Session ${request.id} not found`);
    }
    if (this.#sessions.size >= SESSIONS_MAX) {
      throw ClickHouseException.of('TOO_MANY_SIMULTANEOUS_QUERIES', `Too many sessions: ${SESSIONS_MAX} are open`);
    }
    const mark = `session-${++this.#opened}`;
    const connection = this.#engine.connect({ [QUERY_ID_SETTING]: mark });
    const session: Session = { connection, mark, isHeld: false, expiry: undefined };
    this.#sessions.set(request.id, session);
    return session;
  }

  #close(id: string, session: Session): void {
    clearTimeout(session.expiry);
    this.#sessions.delete(id);
    session.connection.close();
  }
}

/** A session holds memory in the engine, and its temporary tables. */
const SESSIONS_MAX = 1000;
