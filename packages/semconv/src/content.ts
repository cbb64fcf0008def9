// What people and models said: prompts, answers, tool arguments and results, retrieved texts, error texts, commands, URLs.
// Never stored unless an operator asks for a key by name. Some hold usage or identity inside (`output.value`,
// `gcp.vertex.agent.llm_response`, `metadata`): a profile reads these in memory, bounded in size, and lets go.

import { CONTENT_OF_AG2 } from './ag2.ts';
import { CONTENT_OF_AGENTOPS } from './agentops.ts';
import { CONTENT_OF_BRAINTRUST } from './braintrust.ts';
import { CONTENT_OF_CLAUDE_CODE } from './claude-code.ts';
import { CONTENT_OF_CODEX_CLI } from './codex-cli.ts';
import { CONTENT_OF_COPILOT } from './copilot.ts';
import { CONTENT_OF_CREWAI } from './crewai.ts';
import { CONTENT_OF_GEMINI_CLI } from './gemini-cli.ts';
import { CONTENT_OF_GEN_AI_LEGACY, CONTENT_PREFIXES_OF_GEN_AI_LEGACY } from './gen-ai-legacy.ts';
import { CONTENT_EXCEPTIONS_OF_GEN_AI, CONTENT_OF_GEN_AI } from './gen-ai.ts';
import { CONTENT_OF_GENERAL, CONTENT_PREFIXES_OF_GENERAL } from './general.ts';
import { CONTENT_OF_GENKIT } from './genkit.ts';
import { CONTENT_OF_GOOGLE_ADK } from './google-adk.ts';
import { CONTENT_OF_HAYSTACK } from './haystack.ts';
import { CONTENT_OF_LAMINAR } from './laminar.ts';
import { CONTENT_OF_LANGFUSE, CONTENT_PREFIXES_OF_LANGFUSE } from './langfuse.ts';
import { CONTENT_OF_LANGSMITH } from './langsmith.ts';
import { CONTENT_OF_LANGWATCH } from './langwatch.ts';
import { CONTENT_EXCEPTIONS_OF_LITELLM, CONTENT_OF_LITELLM, CONTENT_PREFIXES_OF_LITELLM } from './litellm.ts';
import { CONTENT_OF_LIVEKIT, CONTENT_PREFIXES_OF_LIVEKIT } from './livekit.ts';
import { CONTENT_EXCEPTIONS_OF_MASTRA, CONTENT_OF_MASTRA, CONTENT_PREFIXES_OF_MASTRA } from './mastra.ts';
import { CONTENT_OF_MICROSOFT } from './microsoft.ts';
import { CONTENT_OF_MLFLOW } from './mlflow.ts';
import { CONTENT_OF_OPENINFERENCE, CONTENT_PREFIXES_OF_OPENINFERENCE } from './openinference.ts';
import { CONTENT_OF_OPENLIT } from './openlit.ts';
import { CONTENT_OF_PYDANTIC_AI } from './pydantic-ai.ts';
import { CONTENT_OF_SENTRY } from './sentry.ts';
import { CONTENT_OF_SPRING_AI } from './spring-ai.ts';
import { CONTENT_OF_STRANDS } from './strands.ts';
import { CONTENT_OF_TRACELOOP, CONTENT_PREFIXES_OF_TRACELOOP } from './traceloop.ts';
import { CONTENT_OF_VERCEL_AI, CONTENT_PREFIXES_OF_VERCEL_AI } from './vercel-ai.ts';
import { CONTENT_EXCEPTIONS_OF_VOLTAGENT, CONTENT_OF_VOLTAGENT } from './voltagent.ts';

/** Attributes of all dialects whose value is content, on resources, spans, span events and log records. Each once. */
export const CONTENT_ATTRIBUTES: readonly string[] = [
  // Bare keys such as `prompt` are content in several dialects.
  ...new Set([
    ...CONTENT_OF_AG2,
    ...CONTENT_OF_AGENTOPS,
    ...CONTENT_OF_BRAINTRUST,
    ...CONTENT_OF_CLAUDE_CODE,
    ...CONTENT_OF_CODEX_CLI,
    ...CONTENT_OF_COPILOT,
    ...CONTENT_OF_CREWAI,
    ...CONTENT_OF_GEMINI_CLI,
    ...CONTENT_OF_GEN_AI_LEGACY,
    ...CONTENT_OF_GEN_AI,
    ...CONTENT_OF_GENERAL,
    ...CONTENT_OF_GENKIT,
    ...CONTENT_OF_GOOGLE_ADK,
    ...CONTENT_OF_HAYSTACK,
    ...CONTENT_OF_LAMINAR,
    ...CONTENT_OF_LANGFUSE,
    ...CONTENT_OF_LANGSMITH,
    ...CONTENT_OF_LANGWATCH,
    ...CONTENT_OF_LITELLM,
    ...CONTENT_OF_LIVEKIT,
    ...CONTENT_OF_MASTRA,
    ...CONTENT_OF_MICROSOFT,
    ...CONTENT_OF_MLFLOW,
    ...CONTENT_OF_OPENINFERENCE,
    ...CONTENT_OF_OPENLIT,
    ...CONTENT_OF_PYDANTIC_AI,
    ...CONTENT_OF_SENTRY,
    ...CONTENT_OF_SPRING_AI,
    ...CONTENT_OF_STRANDS,
    ...CONTENT_OF_TRACELOOP,
    ...CONTENT_OF_VERCEL_AI,
    ...CONTENT_OF_VOLTAGENT,
  ]),
];

/** Beginnings of attribute names whose value is content, whatever follows, but for the exceptions. */
export const CONTENT_ATTRIBUTE_PREFIXES: readonly string[] = [
  ...CONTENT_PREFIXES_OF_GEN_AI_LEGACY,
  ...CONTENT_PREFIXES_OF_GENERAL,
  ...CONTENT_PREFIXES_OF_LANGFUSE,
  ...CONTENT_PREFIXES_OF_LITELLM,
  ...CONTENT_PREFIXES_OF_LIVEKIT,
  ...CONTENT_PREFIXES_OF_MASTRA,
  ...CONTENT_PREFIXES_OF_OPENINFERENCE,
  ...CONTENT_PREFIXES_OF_TRACELOOP,
  ...CONTENT_PREFIXES_OF_VERCEL_AI,
];

/** Names that begin with one of {@link CONTENT_ATTRIBUTE_PREFIXES} and are no content. */
export const CONTENT_PREFIX_EXCEPTIONS: readonly string[] = [
  ...CONTENT_EXCEPTIONS_OF_GEN_AI,
  ...CONTENT_EXCEPTIONS_OF_LITELLM,
  ...CONTENT_EXCEPTIONS_OF_MASTRA,
  ...CONTENT_EXCEPTIONS_OF_VOLTAGENT,
];
