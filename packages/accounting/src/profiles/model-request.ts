// HTTP requests to models: signs of calls that nothing else may have seen. Of thousands of HTTP spans few are; the path tells them.

import {
  ATTR_HTTP_METHOD,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_STATUS_CODE,
  ATTR_HTTP_TARGET,
  ATTR_HTTP_URL,
  ATTR_SERVER_ADDRESS,
  ATTR_URL_FULL,
  ATTR_URL_PATH,
} from '@turnmeter/semconv';
import { readCount } from '../observe/numbers.ts';
import { Role, UsageSource } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import type { Attributes } from '../record/record.ts';

/** OTLP's span kind of the answering side: a gateway's own span is not the request that it makes. */
const SERVER = 2;

/**
 * Paths that only model APIs have: `/v1/chat/completions` (OpenAI and all who follow), `/v1/messages` (Anthropic),
 * `/v1beta/models/gemini-2.5-flash:streamGenerateContent` (Google), `/model/eu.anthropic.claude/converse-stream` (Bedrock),
 * `/api/chat` (Ollama), `/v2/chat` (Cohere).
 */
const MODEL_PATH =
  /\/(?:chat\/completions|v\d+\/(?:completions|responses|messages|embeddings|rerank|chat)|(?:deployments|engines)\/[^/?]+\/(?:completions|embeddings)|api\/(?:chat|generate|embed|embeddings)|models\/[^/:?]+:(?:streamGenerateContent|generateContent|embedContent|batchEmbedContents|predict|rawPredict|streamRawPredict)|model\/[^/?]+\/(?:converse|converse-stream|invoke|invoke-with-response-stream))\/?(?:\?|$)/;

/** Cheaper than the pattern, and true of all that it finds. */
const HINT = /compl|respons|message|embed|rerank|chat|generat|redict|conver|invoke/i;

export const modelRequest: Profile = {
  name: 'model-request',
  title: 'HTTP client spans to model APIs',
  marks: [ATTR_URL_FULL, ATTR_HTTP_URL, ATTR_URL_PATH, ATTR_HTTP_TARGET],
  claims: (record) => record.signal === 'span' && record.kind !== SERVER && isModelUrl(record.attributes),
  read(record, draft) {
    const { attributes } = record;
    const url = urlOf(attributes);
    draft.role = Role.MODEL_REQUEST;
    draft.operation = 'model_request';
    draft.provider ||= providerOf(hostOf(attributes, url));
    draft.requestModel ||= modelIn(url);
    draft.model ||= draft.requestModel;
    draft.usageSource = UsageSource.MISSING;
    const status =
      readCount(attributes.get(ATTR_HTTP_RESPONSE_STATUS_CODE) ?? attributes.get(ATTR_HTTP_STATUS_CODE)).value ?? 0;
    if (draft.error === '' && status >= 400) draft.error = String(status);
  },
};

function isModelUrl(attributes: Attributes): boolean {
  const url = urlOf(attributes);
  if (!HINT.test(url) || !MODEL_PATH.test(url)) return false;
  const method = attributes.string(ATTR_HTTP_REQUEST_METHOD) ?? attributes.string(ATTR_HTTP_METHOD);
  // Answers and files are fetched by GET; an answer that is fetched again was counted when it was made.
  return method === undefined || method.toUpperCase() === 'POST';
}

/** Longer addresses are content (characters). */
const URL_READ_MAX = 500;

function urlOf(attributes: Attributes): string {
  const url =
    attributes.string(ATTR_URL_FULL) ??
    attributes.string(ATTR_HTTP_URL) ??
    attributes.string(ATTR_URL_PATH) ??
    attributes.string(ATTR_HTTP_TARGET) ??
    '';
  return url.slice(0, URL_READ_MAX);
}

function hostOf(attributes: Attributes, url: string): string {
  return /^https?:\/\/(?:[^@/]*@)?([^/:?]+)/.exec(url)?.[1] ?? attributes.string(ATTR_SERVER_ADDRESS) ?? '';
}

const PROVIDERS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)openai\.azure\.com$|\.cognitiveservices\.azure\.com$/, 'azure.ai.openai'],
  [/\.services\.ai\.azure\.com$/, 'azure.ai.inference'],
  [/(^|\.)openai\.com$/, 'openai'],
  [/(^|\.)anthropic\.com$/, 'anthropic'],
  [/^generativelanguage\.googleapis\.com$/, 'gcp.gemini'],
  [/aiplatform\.googleapis\.com$/, 'gcp.vertex_ai'],
  [/^bedrock-runtime[.-]/, 'aws.bedrock'],
  [/(^|\.)mistral\.ai$/, 'mistral_ai'],
  [/(^|\.)groq\.com$/, 'groq'],
  [/(^|\.)deepseek\.com$/, 'deepseek'],
  [/(^|\.)x\.ai$/, 'x_ai'],
  [/(^|\.)cohere\.(com|ai)$/, 'cohere'],
  [/(^|\.)perplexity\.ai$/, 'perplexity'],
  [/(^|\.)openrouter\.ai$/, 'openrouter'],
];

function providerOf(host: string): string {
  return PROVIDERS.find(([pattern]) => pattern.test(host))?.[1] ?? '';
}

/** Google and Bedrock have the model in the path. */
function modelIn(url: string): string {
  const found = /\/models?\/([^/:?]+)(?::|\/(?:converse|invoke))/.exec(url)?.[1] ?? '';
  try {
    return decodeURIComponent(found).slice(0, 200);
  } catch {
    return found.slice(0, 200);
  }
}
