// Who sees a model call from the other side: gateways, proxies and model servers, whose spans the caller may know nothing of.

import type { TelemetryRecord } from '../record/record.ts';
import { WireDistance } from './observation.ts';
import { remembered } from './remembered.ts';

/** OTLP's `SpanKind` of those who answer. */
const SERVER = 2;

/** How gateways call their scopes and services: `envoyproxy/ai-gateway`, `llm-proxy`, `agentgateway`. */
const GATEWAY_NAME =
  /\b(ai|llm|model|models|genai|agent|openai|inference)[-_. /]?(gateway|proxy|router)\b|^(litellm|portkey|bifrost|higress|vllm|sglang)$/i;

/** `usually`, unless the record is a gateway's: it is in a trace of its own where nobody passed the trace on. */
export function distanceOf(record: TelemetryRecord, service: string, usually: WireDistance): WireDistance {
  if (record.signal !== 'span' || usually === WireDistance.PROVIDER_SDK) return usually;
  const isServing = record.kind === SERVER || isGatewayName(record.scope.name) || isGatewayName(service);
  return isServing ? WireDistance.GATEWAY : usually;
}

const isGatewayName = remembered((name) => GATEWAY_NAME.test(name.slice(0, 200)));
