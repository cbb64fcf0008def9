// Takes what Alertmanager sends to the webhooks of alertmanager.yml, in place of a service of on-call.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { HOST } from './addresses.ts';

export interface AlertMessage {
  /** Of the webhook: /on-call, /tickets, /tenants/acme. */
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export class Messages {
  readonly received: AlertMessage[] = [];
  readonly #server: Server;

  private constructor(onMessage: (message: AlertMessage) => void) {
    this.#server = createServer((request, response) => {
      void this.#take(request, onMessage).then((status) => response.writeHead(status).end());
    });
  }

  static async listen(port: number, onMessage: (message: AlertMessage) => void = () => undefined): Promise<Messages> {
    const messages = new Messages(onMessage);
    messages.#server.listen(port, HOST);
    await once(messages.#server, 'listening');
    return messages;
  }

  async #take(request: IncomingMessage, onMessage: (message: AlertMessage) => void): Promise<number> {
    try {
      const message = { ...(JSON.parse(await bodyOf(request)) as AlertMessage), receiver: request.url ?? '' };
      this.received.push(message);
      onMessage(message);
      return 200;
    } catch {
      return 400;
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
