// All producer profiles, most specific first. The order matters only where two could claim one record.

import type { Profile } from '../observe/profile.ts';
import { ag2Classic } from './ag2-classic.ts';
import { ag2Network } from './ag2-network.ts';
import { agentFramework } from './agent-framework.ts';
import { agento11y } from './agento11y.ts';
import { agentOps } from './agentops.ts';
import { aiSdkOtel } from './ai-sdk-otel.ts';
import { aiSdk } from './ai-sdk.ts';
import { anthropicSdk } from './anthropic-sdk.ts';
import { autoGen } from './autogen.ts';
import { claudeCode } from './claude-code.ts';
import { codex } from './codex.ts';
import { continueCli } from './continue-cli.ts';
import { copilot } from './copilot.ts';
import { crewAi } from './crewai.ts';
import { geminiCli } from './gemini-cli.ts';
import { genAiEvents } from './gen-ai-events.ts';
import { genAiMetrics } from './gen-ai-metrics.ts';
import { genAi } from './gen-ai.ts';
import { generic } from './generic.ts';
import { genkit } from './genkit.ts';
import { googleAdk } from './google-adk.ts';
import { haystack } from './haystack.ts';
import { laminar } from './laminar.ts';
import { langfuse } from './langfuse.ts';
import { langSmith } from './langsmith.ts';
import { liteLlm } from './litellm.ts';
import { logfire } from './logfire.ts';
import { mastra } from './mastra.ts';
import { mcp } from './mcp.ts';
import { modelRequest } from './model-request.ts';
import { opencode } from './opencode.ts';
import { openInference } from './openinference.ts';
import { openLit } from './openlit.ts';
import { openLlmetry } from './openllmetry.ts';
import { pydanticAi } from './pydantic-ai.ts';
import { qwenCode } from './qwen-code.ts';
import { sentry } from './sentry.ts';
import { strands } from './strands.ts';
import { turnmeter } from './turnmeter.ts';
import { voltAgent } from './voltagent.ts';

export const BUILT_IN_PROFILES: readonly Profile[] = [
  turnmeter,
  claudeCode,
  codex,
  geminiCli,
  qwenCode,
  continueCli,
  copilot,
  opencode,
  // What is left of log records and metric points; the rest is about spans.
  genAiEvents,
  genAiMetrics,
  anthropicSdk,
  liteLlm,
  ag2Classic,
  ag2Network,
  openLit,
  pydanticAi,
  logfire,
  langSmith,
  langfuse,
  aiSdk,
  voltAgent,
  mastra,
  strands,
  agentFramework,
  autoGen,
  crewAi,
  googleAdk,
  genkit,
  openInference,
  aiSdkOtel,
  haystack,
  laminar,
  agentOps,
  agento11y,
  sentry,
  mcp,
  openLlmetry,
  genAi,
  modelRequest,
  // The last one takes what no other claims.
  generic,
];
