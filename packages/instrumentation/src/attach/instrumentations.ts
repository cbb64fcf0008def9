import { configure } from '../emit/recorder.ts';
import { AiSdkInstrumentation } from './ai-sdk/ai-sdk-instrumentation.ts';
import { AnthropicInstrumentation } from './anthropic/anthropic-instrumentation.ts';
import { GoogleGenAIInstrumentation } from './google-genai/google-genai-instrumentation.ts';
import { LangChainInstrumentation } from './langchain/langchain-instrumentation.ts';
import { OpenAIAgentsInstrumentation } from './openai-agents/openai-agents-instrumentation.ts';
import { OpenAIInstrumentation } from './openai/openai-instrumentation.ts';
import type { TurnmeterInstrumentation, TurnmeterInstrumentationConfig } from './turnmeter-instrumentation.ts';

/** All instrumentations, for `new NodeSDK({ instrumentations: turnmeterInstrumentations() })`. */
export function turnmeterInstrumentations(config: TurnmeterInstrumentationConfig = {}): TurnmeterInstrumentation[] {
  const { enabled = true, ...settings } = config;
  if (Object.keys(settings).length > 0) configure(settings);
  return ALL.map((Instrumentation) => new Instrumentation({ enabled }));
}

const ALL: readonly (new (config: TurnmeterInstrumentationConfig) => TurnmeterInstrumentation)[] = [
  OpenAIInstrumentation,
  AnthropicInstrumentation,
  GoogleGenAIInstrumentation,
  LangChainInstrumentation,
  OpenAIAgentsInstrumentation,
  AiSdkInstrumentation,
];
