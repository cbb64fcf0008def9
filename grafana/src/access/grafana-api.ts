import { call, type Reply } from './http-call.ts';
import type { Account } from './settings.ts';

export interface GrafanaRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly body?: object;
  /** Whose pages are meant; the administrator's own organization without it. */
  readonly organization?: number;
}

/** Grafana's HTTP API as its administrator. */
export class GrafanaApi {
  readonly #url: string;
  readonly #authorization: string;

  constructor({ url, user, password }: Account) {
    this.#url = url.replace(/\/$/, '');
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }

  /** @returns what Grafana answered. */
  async do(request: GrafanaRequest): Promise<Readonly<Record<string, unknown>>> {
    return bodyOf(await this.#send(request, []));
  }

  /** @returns what is there, or undefined. */
  async find(path: string, organization?: number): Promise<Readonly<Record<string, unknown>> | undefined> {
    const scope = organization === undefined ? {} : { organization };
    const reply = await this.#send({ method: 'GET', path, ...scope }, [404]);
    return reply.status === 404 ? undefined : bodyOf(reply);
  }

  #send({ method, path, body, organization }: GrafanaRequest, expected: readonly number[]): Promise<Reply> {
    return call(
      {
        method,
        url: `${this.#url}${path}`,
        headers: {
          authorization: this.#authorization,
          'content-type': 'application/json',
          ...(organization === undefined ? {} : { 'x-grafana-org-id': `${organization}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        what: `Grafana, ${method} ${path}`,
      },
      expected,
    );
  }
}

function bodyOf({ text }: Reply): Readonly<Record<string, unknown>> {
  return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
}
