// Where each program listens: the ports that docker-compose.yml publishes, or any that are free. Loopback only.

import { once } from 'node:events';
import net from 'node:net';

export const HOST = '127.0.0.1';

export interface Ports {
  /** Where apps send: the Collector. */
  readonly otlpHttp: number;
  readonly otlpGrpc: number;
  /** API, page and metrics of Turnmeter. */
  readonly turnmeter: number;
  readonly prometheus: number;
  readonly alertmanager: number;
  /** Where alertmanager.yml sends its messages. */
  readonly messages: number;
  /** Where Turnmeter takes what the Collector passes on. */
  readonly turnmeterOtlp: number;
  readonly turnmeterGrpc: number;
  /** Of the Collector: health, metrics that it derives from spans, metrics of its own. */
  readonly collectorHealth: number;
  readonly collectorDerived: number;
  readonly collectorOwn: number;
}

export const USUAL_PORTS: Ports = {
  otlpHttp: 4318,
  otlpGrpc: 4317,
  turnmeter: 8318,
  prometheus: 9090,
  alertmanager: 9093,
  messages: 9099,
  turnmeterOtlp: 4319,
  turnmeterGrpc: 4320,
  collectorHealth: 13133,
  collectorDerived: 9464,
  collectorOwn: 8888,
};

/** Others may take one before it is used: for tests and tries. */
export async function freePorts(): Promise<Ports> {
  const names = Object.keys(USUAL_PORTS) as (keyof Ports)[];
  const servers = await Promise.all(names.map(() => listenOn(0)));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(closed));
  return Object.fromEntries(names.map((name, at) => [name, ports[at]])) as unknown as Ports;
}

/** Those on which somebody listens already. */
export async function busyPorts(ports: Ports): Promise<readonly number[]> {
  const busy = await Promise.all(
    Object.values(ports).map(async (port: number) => {
      try {
        await closed(await listenOn(port));
        return [];
      } catch {
        return [port];
      }
    }),
  );
  return busy.flat();
}

async function listenOn(port: number): Promise<net.Server> {
  const server = net.createServer().listen(port, HOST);
  await once(server, 'listening');
  return server;
}

async function closed(server: net.Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
