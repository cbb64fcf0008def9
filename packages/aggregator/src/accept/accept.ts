// The doors: OTLP/HTTP and OTLP/gRPC on their ports, one way in behind both.

import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import type { FastifyInstance } from 'fastify';
import { createGrpcServer } from './grpc-server.ts';
import { createHttpServer } from './http-server.ts';
import { Intake, type IntakeOptions } from './intake.ts';

export interface AcceptOptions extends Omit<IntakeOptions, 'nowUs' | 'random'> {
  /** Address to listen on. Any but loopback needs keys. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Origins of web pages that may send (`https://app.example`). @default none */
  readonly corsOrigins?: readonly string[];
  /** Time in which a request must have arrived (ms). @default 60000 */
  readonly requestTimeoutMs?: number;
  /** µs since the epoch. @default the system's clock */
  readonly nowUs?: () => number;
  /** In [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** Open doors. */
export interface Acceptor {
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Refuses new requests, lets those under way finish, for at most `timeoutMs`, and closes. */
  stop(timeoutMs: number): Promise<void>;
}

export class AcceptError extends Error {
  override readonly name = 'AcceptError';
  readonly code: 'exposed_without_keys' | 'port_unavailable';
  readonly retryable = false;

  constructor(code: AcceptError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
const REQUEST_TIMEOUT_MS = 60_000;

/** Opens both ports, or none. */
export async function startAccepting(options: AcceptOptions): Promise<Acceptor> {
  const { host, telemetry } = options;
  if (options.keyring.isOpen && !LOOPBACK.has(host))
    throw new AcceptError(
      'exposed_without_keys',
      `listening on ${host} needs keys: without them everybody who reaches the port can send for all tenants`,
    );
  const intake = new Intake({
    ...options,
    nowUs: options.nowUs ?? (() => Date.now() * 1000),
    random: options.random ?? Math.random,
  });
  const http = createHttpServer({
    intake,
    telemetry,
    corsOrigins: options.corsOrigins ?? [],
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  });
  const grpc = createGrpcServer({ intake, telemetry });
  try {
    await http.listen({ host, port: options.httpPort });
    const grpcPort = await promisify(grpc.bindAsync.bind(grpc))(
      addressOf(host, options.grpcPort),
      ServerCredentials.createInsecure(),
    );
    const { port: httpPort } = http.server.address() as AddressInfo;
    return { httpPort, grpcPort, stop: (timeoutMs) => stopAll({ intake, http, grpc }, timeoutMs) };
  } catch (error) {
    await http.close();
    grpc.forceShutdown();
    throw new AcceptError(
      'port_unavailable',
      `cannot listen on ${host} (ports ${options.httpPort} and ${options.grpcPort})`,
      {
        cause: error,
      },
    );
  }
}

function addressOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

async function stopAll(
  { intake, http, grpc }: { intake: Intake; http: FastifyInstance; grpc: Server },
  timeoutMs: number,
): Promise<void> {
  intake.stop();
  const timer = setTimeout(() => {
    http.server.closeAllConnections();
    grpc.forceShutdown();
  }, timeoutMs);
  const grpcStopped = new Promise<void>((resolve) => {
    grpc.tryShutdown(() => resolve());
  });
  await Promise.all([http.close(), grpcStopped]);
  clearTimeout(timer);
}
