// A receiver of OTLP metrics that answers as it is told, and reads with code that is not ours.

import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { fromProtobuf } from '../../decode/official-codec.ts';

export interface ReceivedPoint {
  readonly attributes?: readonly { readonly key: string; readonly value: { readonly stringValue: string } }[];
  readonly startTimeUnixNano: string;
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
  readonly scale?: number;
  readonly zeroCount?: string;
  readonly positive?: { readonly offset?: number; readonly bucketCounts?: readonly string[] };
  readonly explicitBounds?: readonly number[];
  readonly bucketCounts?: readonly string[];
}

interface Points {
  readonly dataPoints: readonly ReceivedPoint[];
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
}

export interface ReceivedMetric {
  readonly name: string;
  readonly unit?: string;
  readonly sum?: Points;
  readonly gauge?: Points;
  readonly histogram?: Points;
  readonly exponentialHistogram?: Points;
}

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly resource: Readonly<Record<string, string>>;
  readonly metrics: readonly ReceivedMetric[];
}

interface Plain {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: ReceivedPoint['attributes'] };
    readonly scopeMetrics: readonly { readonly metrics: readonly ReceivedMetric[] }[];
  }[];
}

export class Receiver {
  readonly requests: ReceivedRequest[] = [];
  /** Of the next answers; 200 from then on. */
  readonly statuses: number[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/metrics`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const { resourceMetrics } = fromProtobuf('metric', bytes) as unknown as Plain;
    const [first] = resourceMetrics;
    const attributes = first?.resource.attributes ?? [];
    this.requests.push({
      headers: request.headers,
      resource: Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue])),
      metrics: first?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? [],
    });
    response.writeHead(this.statuses.shift() ?? 200).end();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
