// Genkit: actions of a subtype. A `model` is the call; its usage is in the JSON of its output, where thoughts stand beside the answer.

import {
  ATTR_GENKIT_METADATA_SUBTYPE,
  ATTR_GENKIT_NAME,
  ATTR_GENKIT_OUTPUT,
  ATTR_GENKIT_STATE,
  ATTR_GENKIT_TYPE,
} from '@turnmeter/semconv';
import { setUsage } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { findObject, isObject, type LiteralObject, parseObject } from '../observe/literal.ts';
import { readCount } from '../observe/numbers.ts';
import { Role, UsageSource, WireDistance } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';

const ROLES: Readonly<Record<string, Role>> = {
  model: Role.INFERENCE,
  'background-model': Role.INFERENCE,
  embedder: Role.EMBEDDING,
  reranker: Role.RERANK,
  tool: Role.TOOL,
  'tool.v2': Role.TOOL,
  flow: Role.WORKFLOW,
  agent: Role.AGENT,
  // A prompt with tools is what Genkit has for an agent; as another's tool it takes over.
  'executable-prompt': Role.AGENT,
  executablePrompt: Role.AGENT,
};

export const genkit: Profile = {
  name: 'genkit',
  title: 'Genkit (JavaScript and Go)',
  marks: [ATTR_GENKIT_TYPE, ATTR_GENKIT_METADATA_SUBTYPE],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    const { attributes } = record;
    const subtype = attributes.string(ATTR_GENKIT_METADATA_SUBTYPE) ?? attributes.string(ATTR_GENKIT_TYPE) ?? '';
    const name = (attributes.string(ATTR_GENKIT_NAME) ?? '').slice(0, 200);
    draft.operation = subtype.slice(0, 100);
    draft.role = ROLES[subtype] ?? Role.STEP;
    if (draft.error === '' && attributes.string(ATTR_GENKIT_STATE) === 'error') draft.error = 'error';
    switch (draft.role) {
      case Role.INFERENCE:
      case Role.EMBEDDING:
      case Role.RERANK:
        readModel(record, draft, name);
        return;
      case Role.TOOL:
        draft.tool ||= name;
        return;
      case Role.WORKFLOW:
        draft.workflow ||= name;
        return;
      case Role.AGENT:
        draft.agent ||= name;
        return;
      default:
    }
  },
};

/** `googleai/gemini-2.5-flash` → provider and model. */
function readModel(record: TelemetryRecord, draft: Draft, name: string): void {
  draft.calls = 1;
  draft.wireDistance = WireDistance.FRAMEWORK;
  const slash = name.indexOf('/');
  draft.provider ||= slash === -1 ? '' : name.slice(0, slash);
  draft.requestModel ||= name.slice(slash + 1);
  draft.model ||= draft.requestModel;
  const text = record.attributes.string(ATTR_GENKIT_OUTPUT) ?? '';
  const output = parseObject(text);
  const usage = output === undefined ? findObject(text, 'usage') : output['usage'];
  if (isObject(usage)) readUsage(draft, usage);
  if (draft.usage === undefined) draft.usageSource = draft.error === '' ? UsageSource.MISSING : UsageSource.NONE;
}

/** `custom` holds what the plugin of a provider adds: Anthropic's cached parts, which its input leaves out. */
function readUsage(draft: Draft, usage: LiteralObject): void {
  const custom = isObject(usage['custom']) ? usage['custom'] : {};
  const cacheRead = count(custom, 'cache_read_input_tokens');
  setUsage(
    draft,
    {
      input: count(usage, 'inputTokens'),
      output: count(usage, 'outputTokens'),
      total: count(usage, 'totalTokens'),
      cacheRead: cacheRead ?? count(usage, 'cachedContentTokens'),
      cacheWrite: count(custom, 'cache_creation_input_tokens'),
      cacheWrite5m: count(custom, 'ephemeral_5m_input_tokens'),
      cacheWrite1h: count(custom, 'ephemeral_1h_input_tokens'),
      reasoning: count(usage, 'thoughtsTokens'),
    },
    { cache: cacheRead === undefined ? 'inside' : 'beside', reasoning: 'beside' },
  );
}

function count(object: LiteralObject, key: string): number | undefined {
  return readCount(object[key]).value;
}
