// One OTLP trace request of 512 spans with 27 attributes each, as agents send them, made by the official serializers.
// Always the same bytes: figures of today and of next year are for the same work.

import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

export const SPANS = 512;

export interface Payload {
  readonly protobuf: Buffer;
  readonly json: Buffer;
  /** What a reader may need to find things in the bytes. */
  readonly spans: readonly { readonly traceId: string; readonly startMs: number; readonly endMs: number }[];
}

const MODELS = [
  'gpt-5-mini',
  'gpt-4o-2024-08-06',
  'claude-sonnet-4-5-20250929',
  'gemini-2.5-flash',
  'claude-haiku-4-5',
];
const TOOLS = ['search_docs', 'get_order', 'refund_order', 'run_sql', 'send_mail'];
const AGENTS = ['planner', 'researcher', 'writer', 'critic'];
const START_MS = 1_795_000_000_000;

/** Builds the request; `seed` gives other ids and numbers of the same shape. */
export function makePayload(seed = 42): Payload {
  const random = new Random(seed);
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: RESOURCE,
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    idGenerator: { generateTraceId: () => random.hex(32), generateSpanId: () => random.hex(16) },
  });
  const tracer = provider.getTracer('@traceloop/instrumentation-openai', '0.22.0');
  let root = context.active();
  const described: { traceId: string; startMs: number; endMs: number }[] = [];
  for (let index = 0; index < SPANS; index++) {
    const isRoot = index % 16 === 0;
    const { name, kind, attributes } = describeSpan(random, index, isRoot);
    const startTime = START_MS + index * 37;
    const span = tracer.startSpan(
      name,
      { kind, attributes, startTime, root: isRoot },
      isRoot ? context.active() : root,
    );
    if (isRoot) root = trace.setSpan(context.active(), span);
    if (random.next() < 0.02) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'rate limited' });
      span.setAttribute('error.type', 'RateLimitError');
    }
    const endMs = startTime + 200 + random.below(4000);
    span.end(endMs);
    described.push({ traceId: span.spanContext().traceId, startMs: startTime, endMs });
  }
  const spans = exporter.getFinishedSpans();
  return {
    protobuf: Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []),
    json: Buffer.from(JsonTraceSerializer.serializeRequest(spans) ?? []),
    spans: described,
  };
}

const RESOURCE = resourceFromAttributes({
  'service.name': 'checkout-agent',
  'service.version': '1.4.2',
  'service.instance.id': '9b1b7c1e-0f1e-4d51-8a33-0f1e4d518a33',
  'deployment.environment.name': 'production',
  'host.name': 'ip-10-0-3-17',
  'process.pid': 4711,
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.version': '2.1.0',
});

type PlainValues = Record<string, string | number | string[]>;

function describeSpan(
  random: Random,
  index: number,
  isRoot: boolean,
): { name: string; kind: SpanKind; attributes: PlainValues } {
  const operation = isRoot ? 'invoke_agent' : random.next() < 0.55 ? 'chat' : 'execute_tool';
  const model = random.pick(MODELS);
  const agent = random.pick(AGENTS);
  const attributes = describeCall(random, index, { operation, model, agent });
  if (operation !== 'execute_tool') {
    const isChat = operation === 'chat';
    return {
      name: `${operation} ${isChat ? model : agent}`,
      kind: isChat ? SpanKind.CLIENT : SpanKind.INTERNAL,
      attributes,
    };
  }
  const tool = random.pick(TOOLS);
  Object.assign(attributes, {
    'gen_ai.tool.name': tool,
    'gen_ai.tool.call.id': `call_${random.hex(24)}`,
    'gen_ai.tool.type': 'function',
  });
  return { name: `${operation} ${tool}`, kind: SpanKind.INTERNAL, attributes };
}

function describeCall(
  random: Random,
  index: number,
  names: { operation: string; model: string; agent: string },
): PlainValues {
  const { operation, model, agent } = names;
  const session = `sess-00000000-${Math.floor(index / 64)}`;
  const input = random.below(8000);
  const output = random.below(900);
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': model.startsWith('gpt')
      ? 'openai'
      : model.startsWith('claude')
        ? 'anthropic'
        : 'gcp.gemini',
    'gen_ai.system': 'openai',
    'gen_ai.request.model': model,
    'gen_ai.response.model': model,
    'gen_ai.response.id': `chatcmpl-${random.hex(24)}`,
    'gen_ai.conversation.id': `${session}-8c1f6a20d94be7735a1e`,
    'session.id': session,
    'user.id': `user-${Math.floor(index / 64) * 53}`,
    'gen_ai.agent.name': agent,
    'gen_ai.agent.id': `agent_${agent}_7d1f0a`,
    'gen_ai.workflow.name': 'order-support',
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    'gen_ai.usage.cache_read.input_tokens': random.below(input + 1),
    'gen_ai.usage.cache_creation.input_tokens': 0,
    'gen_ai.usage.reasoning.output_tokens': random.below(output + 1),
    'gen_ai.request.temperature': 0.7,
    'gen_ai.request.max_tokens': 4096,
    'gen_ai.request.top_p': 0.95,
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.response.time_to_first_chunk': random.next() * 2,
    'server.address': 'api.openai.com',
    'server.port': 443,
    'http.response.status_code': 200,
    'thread.name': 'main',
  };
}

/** A linear congruential generator (Numerical Recipes): the same numbers on every machine. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  hex(digits: number): string {
    let text = '';
    for (let digit = 0; digit < digits; digit++) text += this.below(16).toString(16);
    return text;
  }
}
