// Oracles: the published conventions (names read from their repository, see scripts/read-published-names.ts) and the npm
// packages of OpenTelemetry, which has the deprecated copies, of OpenInference and of OpenLLMetry.

import { SemanticConventions as openInference } from '@arizeai/openinference-semantic-conventions';
import * as incubating from '@opentelemetry/semantic-conventions/incubating';
import { SpanAttributes as traceloop } from '@traceloop/ai-semantic-conventions';
import { describe, expect, test } from 'vitest';
import * as semconv from '../src/index.ts';
import published from './published-names.json' with { type: 'json' };
import { valuesOf } from './vocabularies.ts';

const attributes = valuesOf('ATTR');

describe('the published GenAI conventions', () => {
  test('have 79 attributes of gen_ai, six of providers', () => {
    expect(published.attributes.filter((name) => name.startsWith('gen_ai.'))).toHaveLength(79);
    expect(published.attributes).toHaveLength(85);
  });

  test('are covered: attributes, metrics, events', () => {
    expect(missing(published.attributes, attributes)).toEqual([]);
    expect(missing(published.metrics, valuesOf('METRIC'))).toEqual([]);
    expect(missing(published.events, valuesOf('EVENT'))).toEqual([]);
  });

  test.each([
    ['gen_ai.operation.name', semconv.GenAiOperation],
    ['gen_ai.output.type', semconv.GenAiOutputType],
    ['gen_ai.provider.name', semconv.GenAiProvider],
    ['gen_ai.response.status', semconv.GenAiResponseStatus],
    ['gen_ai.token.modality', semconv.GenAiTokenModality],
    ['openai.api.type', semconv.OpenAiApiType],
    ['openai.request.service_tier', semconv.OpenAiRequestServiceTier],
  ] as const)('have these values of %s and no others', (attribute, values) => {
    expect(Object.values(values).sort()).toEqual(published.values[attribute]);
  });

  test('have no closed set that is not compared', () => {
    expect(Object.keys(published.values)).toHaveLength(7);
  });
});

describe('the deprecated conventions in @opentelemetry/semantic-conventions', () => {
  const names = Object.entries(incubating as Readonly<Record<string, unknown>>);

  test('have the same names for the same attributes, metrics and events', () => {
    const deprecated = names.filter(([name]) => /^(?:ATTR|METRIC|EVENT)_(?:GEN_AI|OPENAI|AWS_BEDROCK|MCP)_/.test(name));
    // 70 attributes, 11 metrics, 8 events in 1.45.0.
    expect(deprecated.length).toBeGreaterThanOrEqual(89);
    const ours = semconv as Readonly<Record<string, unknown>>;
    expect(deprecated.filter(([name, value]) => ours[name] !== value)).toEqual([]);
  });

  test.each([
    ['GEN_AI_OPERATION_NAME_VALUE_', [semconv.GenAiOperation]],
    ['GEN_AI_OUTPUT_TYPE_VALUE_', [semconv.GenAiOutputType]],
    ['GEN_AI_PROVIDER_NAME_VALUE_', [semconv.GenAiProvider]],
    ['GEN_AI_SYSTEM_VALUE_', [semconv.GenAiSystem, semconv.GenAiProvider]],
    ['GEN_AI_TOKEN_TYPE_VALUE_', [semconv.GenAiTokenType]],
    ['OPENAI_API_TYPE_VALUE_', [semconv.OpenAiApiType]],
    ['OPENAI_REQUEST_SERVICE_TIER_VALUE_', [semconv.OpenAiRequestServiceTier]],
  ] as const)('have no value %s… that we lack', (prefix, sets) => {
    const values = names.filter(([name]) => name.startsWith(prefix)).map(([, value]) => String(value));
    expect(values.length).toBeGreaterThan(0);
    expect(missing(values, new Set(sets.flatMap((set) => Object.values<string>(set))))).toEqual([]);
  });

  test('have the same names for the general attributes we use', () => {
    const ours = Object.entries(semconv).filter(([name]) => name.startsWith('ATTR_'));
    const byName = new Map(names);
    const both = ours.filter(([name]) => byName.has(name));
    expect(both.length).toBeGreaterThan(100);
    expect(both.filter(([name, value]) => byName.get(name) !== value)).toEqual([]);
  });
});

describe('the dialects that publish their names', () => {
  // Parts of array elements: on the wire they stand only behind an index, below a prefix we have.
  const ELEMENT =
    /^(?:(?:message|message_content|image|video|document|annotation|evaluation)\.|tool_call\.reasoning_signature$)/;

  test('OpenInference is covered', () => {
    const whole = Object.values(openInference).filter((name) => !ELEMENT.test(name));
    expect(whole.length).toBeGreaterThan(50);
    expect(missing(whole, attributes)).toEqual([]);
  });

  test('OpenLLMetry is covered, vector databases aside', () => {
    const ofModels = Object.values(traceloop).filter((name) => !name.startsWith('db.'));
    expect(ofModels.length).toBeGreaterThan(25);
    expect(missing(ofModels, attributes)).toEqual([]);
  });
});

function missing(names: readonly string[], known: ReadonlySet<string>): readonly string[] {
  return names.filter((name) => !known.has(name));
}
