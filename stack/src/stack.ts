// Turnmeter with its embedded engine, the Collector, Prometheus and Alertmanager side by side, with the configuration files that compose mounts.
// What differs: addresses (by variables, flags and the files in prometheus/targets), where secrets lie, and the engine in place of a server.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RunningProgram } from '@turnmeter/programs/running-program';
import { busyPorts, HOST, type Ports, USUAL_PORTS } from './addresses.ts';
import { type ArrangeOptions, arrangeFiles, headersOf } from './arrange-files.ts';
import { type Place, PROGRAM_NAMES, type ProgramName, programOptions } from './program-options.ts';

export interface StackOptions extends Pick<ArrangeOptions, 'settings' | 'edit'> {
  /** Secrets and data; what is there is used again. */
  readonly directory: string;
  /** @default those of compose */
  readonly ports?: Ports;
  /** Who gets a password for the Collector, where secrets are made. @default acme */
  readonly tenants?: readonly string[];
  readonly env?: Place['env'];
  /** What is being done, a line at a time. */
  readonly progress?: (line: string) => void;
}

export class PortsBusyError extends Error {
  readonly code = 'ports_busy';

  constructor(ports: readonly number[]) {
    const which = ports.length === 1 ? `Port ${ports[0]} is` : `Ports ${ports.join(', ')} are`;
    super(`${which} in use on ${HOST}. End what listens there (a stack of before?), or take free ports: --free-ports`);
    this.name = 'PortsBusyError';
  }
}

export class Stack {
  readonly ports: Ports;
  readonly directory: string;
  readonly #place: Place;
  readonly #running = new Map<ProgramName, RunningProgram>();
  #isStopping = false;

  private constructor(place: Place) {
    this.#place = place;
    this.ports = place.ports;
    this.directory = place.directory;
  }

  /** Files are in their places; nothing runs yet. */
  static async prepare(options: StackOptions): Promise<Stack> {
    const { directory, ports = USUAL_PORTS, tenants = ['acme'], env = {}, progress = () => undefined } = options;
    const busy = await busyPorts(ports);
    if (busy.length > 0) throw new PortsBusyError(busy);
    await arrangeFiles({ directory, ports, tenants, settings: options.settings, edit: options.edit });
    return new Stack({ directory, ports, env, progress });
  }

  /** Resolves when all four are ready. Where one is not, the others are ended, too. */
  async startAll(): Promise<this> {
    try {
      for (const name of PROGRAM_NAMES) await this.start(name);
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  /** A program; also one that was stopped or killed, again. */
  async start(name: ProgramName): Promise<void> {
    const options = await programOptions(name, this.#place);
    if (this.#isStopping) return;
    const startedAt = Date.now();
    // Ctrl-C is for the one that ends the others in order.
    const program = new RunningProgram({ ...options, detached: true });
    this.#running.set(name, program);
    await program.ready();
    this.#place.progress(`${name} is ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }

  program(name: ProgramName): RunningProgram {
    const program = this.#running.get(name);
    if (program === undefined) throw new Error(`${name} was not started`);
    return program;
  }

  /** Ends all, apps' side first, so that what was sent arrives and nobody misses who ended before. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const name of PROGRAM_NAMES.toReversed()) {
      const program = this.#running.get(name);
      if (program === undefined) continue;
      this.#running.delete(name);
      await program.stop();
      this.#place.progress(`${name} has ended`);
    }
  }

  /** Rejects when one of them ends without having been asked to; pending otherwise. */
  failure(): Promise<never> {
    return Promise.race([...this.#running.values()].map((program) => program.failure()));
  }

  /** Address of a program by HTTP. */
  url(of: keyof Ports): string {
    return `http://${HOST}:${this.ports[of]}`;
  }

  /** OTEL_EXPORTER_OTLP_HEADERS of a tenant. */
  otlpHeaders(tenant: string): Promise<string> {
    return headersOf(this.directory, tenant);
  }

  /** Prometheus' key, which may read all tenants. */
  readKey(): Promise<string> {
    return readFile(path.join(this.directory, 'secrets/prometheus_key'), 'utf8');
  }
}
