import type { Attributes } from '@opentelemetry/api';
import { ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT, GenAiProvider } from '@turnmeter/semconv';

/** Who answers a client's calls. */
export interface Server {
  /** In the words of the GenAI conventions, or the host's own name; undefined where the address tells nothing. */
  readonly provider: string | undefined;
  readonly attributes: Attributes;
}

/** Reads who answers from the base URL of a client. */
export function serverOf(baseUrl: unknown): Server {
  if (typeof baseUrl !== 'string') return UNKNOWN;
  let server = known.get(baseUrl);
  if (server === undefined) {
    server = readServer(baseUrl);
    if (known.size < KNOWN_MAX) known.set(baseUrl, server);
  }
  return server;
}

const UNKNOWN: Server = { provider: undefined, attributes: {} };
const known = new Map<string, Server>();
/** An app has a few; one that makes up addresses must not fill memory. */
const KNOWN_MAX = 100;

function readServer(baseUrl: string): Server {
  if (!URL.canParse(baseUrl)) return UNKNOWN;
  const { hostname, port, protocol } = new URL(baseUrl);
  return {
    provider: PROVIDERS.find(([host]) => host.test(hostname))?.[1],
    attributes: {
      [ATTR_SERVER_ADDRESS]: hostname,
      [ATTR_SERVER_PORT]: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    },
  };
}

/** Companies that speak OpenAI's or Anthropic's API under their own address; those without a published name have the price book's. */
const PROVIDERS: readonly (readonly [host: RegExp, provider: string])[] = [
  [/(^|\.)api\.openai\.com$/, GenAiProvider.OPENAI],
  [/(^|\.)anthropic\.com$/, GenAiProvider.ANTHROPIC],
  // Sample: my-resource.openai.azure.com, my-resource.services.ai.azure.com
  [/(^|\.)(openai|cognitiveservices|services\.ai)\.azure\.(com|us|cn)$/, GenAiProvider.AZURE_AI_OPENAI],
  // Sample: bedrock-runtime.us-east-1.amazonaws.com, bedrock-mantle.us-east-1.api.aws
  [/^bedrock[\w-]*\..+\.(amazonaws\.com(\.cn)?|api\.aws)$/, GenAiProvider.AWS_BEDROCK],
  // Sample: europe-west1-aiplatform.googleapis.com
  [/(^|-|\.)aiplatform(\.\w+)?\.(googleapis|rep\.googleapis)\.com$/, GenAiProvider.GCP_VERTEX_AI],
  [/^generativelanguage\.googleapis\.com$/, GenAiProvider.GCP_GEMINI],
  [/(^|\.)deepseek\.com$/, GenAiProvider.DEEPSEEK],
  [/(^|\.)groq\.com$/, GenAiProvider.GROQ],
  [/(^|\.)x\.ai$/, GenAiProvider.X_AI],
  [/(^|\.)mistral\.ai$/, GenAiProvider.MISTRAL_AI],
  [/(^|\.)perplexity\.ai$/, GenAiProvider.PERPLEXITY],
  [/(^|\.)moonshot\.(ai|cn)$/, GenAiProvider.MOONSHOT_AI],
  [/(^|\.)cohere\.(ai|com)$/, GenAiProvider.COHERE],
  [/(^|\.)openrouter\.ai$/, 'openrouter'],
  [/(^|\.)together\.(ai|xyz)$/, 'together'],
  [/(^|\.)fireworks\.ai$/, 'fireworks'],
  [/(^|\.)cerebras\.ai$/, 'cerebras'],
  [/(^|\.)novita\.ai$/, 'novita'],
  [/^router\.huggingface\.co$/, 'huggingface'],
];
