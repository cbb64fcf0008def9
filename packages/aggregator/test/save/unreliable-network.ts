import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What happens to a connection between us and ClickHouse. */
export interface Fate {
  /** Text that the request has to hold for this to happen. */
  readonly when: string;
  /**
   * `refused`: the connection is cut when the request begins; `cut_in_body`: after some of its body; `cut_before_answer`: when the
   * answer comes, so that what was asked is done and nobody knows; `silent`: no answer ever comes.
   */
  readonly how: 'refused' | 'cut_in_body' | 'cut_before_answer' | 'silent';
}

/** A network between a store and ClickHouse in which things go wrong on demand. */
export interface UnreliableNetwork {
  readonly url: string;
  /** What happens to the next requests that match, one each. */
  readonly fates: Fate[];
  /** Refuses all connections while true. */
  isDown: boolean;
  close(): Promise<void>;
}

/** Of a body, so much gets through before it is cut. */
const BODY_BYTES = 2000;

export async function startUnreliableNetwork(target: string): Promise<UnreliableNetwork> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const network = { isDown: false, fates: [] as Fate[] };
  const server = createServer((near) => {
    sockets.add(near);
    near.on('close', () => sockets.delete(near));
    near.on('error', () => near.destroy());
    if (network.isDown) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    sockets.add(far);
    far.on('close', () => sockets.delete(far));
    far.on('error', () => near.destroy());
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    far.on('close', end);
    near.on('close', end);
    let fate: Fate['how'] | undefined;
    let seen = 0;
    near.on('data', (chunk: Buffer) => {
      if (network.isDown) return end();
      const index = network.fates.findIndex(({ when }) => chunk.includes(when));
      if (index !== -1) fate = network.fates.splice(index, 1)[0]?.how;
      if (fate === 'refused') return end();
      if (fate === 'cut_in_body') {
        seen += chunk.length;
        far.write(chunk.subarray(0, BODY_BYTES));
        if (seen > BODY_BYTES) return end();
        return undefined;
      }
      return far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => {
      if (network.isDown || fate === 'cut_before_answer') return end();
      return fate === 'silent' ? undefined : near.write(chunk);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return Object.assign(network, {
    url: `http://127.0.0.1:${own}`,
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  });
}
