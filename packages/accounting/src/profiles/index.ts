// All producer profiles, most specific first. The order matters only where two could claim one record.

import type { Profile } from '../observe/profile.ts';
import { aiSdk } from './ai-sdk.ts';
import { genAi } from './gen-ai.ts';
import { langfuse } from './langfuse.ts';
import { openInference } from './openinference.ts';

export const BUILT_IN_PROFILES: readonly Profile[] = [langfuse, aiSdk, openInference, genAi];
