// Where each program listens: the ports that docker-compose.yml publishes, or any that are free. Loopback only.

import { freePorts, isBusy } from '@turnmeter/programs/free-ports';

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
export async function anyPorts(): Promise<Ports> {
  const names = Object.keys(USUAL_PORTS) as (keyof Ports)[];
  const ports = await freePorts(names.length);
  return Object.fromEntries(names.map((name, at) => [name, ports[at]])) as unknown as Ports;
}

/** Those on which somebody listens already. */
export async function busyPorts(ports: Ports): Promise<readonly number[]> {
  const numbers: readonly number[] = Object.values(ports);
  const busy = await Promise.all(numbers.map(isBusy));
  return numbers.filter((_, at) => busy[at] === true);
}
