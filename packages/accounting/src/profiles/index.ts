// All producer profiles, most specific first. The order matters only where two could claim one record.

import type { Profile } from '../observe/profile.ts';
import { ag2Classic } from './ag2-classic.ts';
import { ag2Network } from './ag2-network.ts';
import { agentFramework } from './agent-framework.ts';
import { aiSdk } from './ai-sdk.ts';
import { anthropicSdk } from './anthropic-sdk.ts';
import { autoGen } from './autogen.ts';
import { crewAi } from './crewai.ts';
import { genAi } from './gen-ai.ts';
import { langfuse } from './langfuse.ts';
import { langSmith } from './langsmith.ts';
import { liteLlm } from './litellm.ts';
import { logfire } from './logfire.ts';
import { openInference } from './openinference.ts';
import { openLit } from './openlit.ts';
import { openLlmetry } from './openllmetry.ts';
import { pydanticAi } from './pydantic-ai.ts';
import { strands } from './strands.ts';

export const BUILT_IN_PROFILES: readonly Profile[] = [
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
  strands,
  agentFramework,
  autoGen,
  crewAi,
  openInference,
  openLlmetry,
  genAi,
];
