// Ports of loopback on which nobody listens.

import { once } from 'node:events';
import net from 'node:net';

/** So many, each another. Others may take one before it is used: for tests and tries. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenOn(0)));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(closed));
  return ports;
}

export async function freePort(): Promise<number> {
  const [port] = (await freePorts(1)) as readonly [number];
  return port;
}

/** Whether somebody listens there already. */
export async function isBusy(port: number): Promise<boolean> {
  try {
    await closed(await listenOn(port));
    return false;
  } catch {
    return true;
  }
}

async function listenOn(port: number): Promise<net.Server> {
  const server = net.createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function closed(server: net.Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
