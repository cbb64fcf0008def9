export { AiSdkInstrumentation } from './attach/ai-sdk/ai-sdk-instrumentation.ts';
export { OpenAIAgentsInstrumentation } from './attach/openai-agents/openai-agents-instrumentation.ts';
export { AnthropicInstrumentation } from './attach/anthropic/anthropic-instrumentation.ts';
export { GoogleGenAIInstrumentation } from './attach/google-genai/google-genai-instrumentation.ts';
export { turnmeterInstrumentations } from './attach/instrumentations.ts';
export { LangChainInstrumentation } from './attach/langchain/langchain-instrumentation.ts';
export { OpenAIInstrumentation } from './attach/openai/openai-instrumentation.ts';
export type { TurnmeterInstrumentationConfig } from './attach/turnmeter-instrumentation.ts';
export type { AdmittedRequest, ModelRequest } from './chat/call-model.ts';
export type { ToolOptions } from './chat/call-tool.ts';
export type { GroupChatOptions } from './chat/chat-of.ts';
export { groupChat, type GroupChat, type TurnOptions } from './chat/group-chat.ts';
export { instrumentAgent, type AgentOptions } from './chat/instrument-agent.ts';
export { recordCall, type CallOptions } from './chat/record-call.ts';
export type { SelectionOptions } from './chat/speaker-selection.ts';
export type { Turn } from './chat/turn.ts';
export {
  createTurnHooks,
  type ReplyBegin,
  type ReplyError,
  type ReplySend,
  type TurnHooks,
  type TurnHooksOptions,
  type TurnToken,
} from './chat/turn-hooks.ts';
export { wrapGroupChat, type WrapOptions } from './chat/wrap-group-chat.ts';
export type { MethodName } from './chat/wrap-method.ts';
export type { Content, TurnmeterConfig } from './config.ts';
export { BudgetConfigError } from './guard/budget-config-error.ts';
export { BudgetExceededError, budgetExceededIn } from './guard/budget-exceeded-error.ts';
export { BudgetEventAction, type BudgetEvent, type BudgetFigures } from './guard/budget-figures.ts';
export {
  currentBudget,
  findBudget,
  onBudget,
  resumeSession,
  stopSession,
  type CurrentBudget,
  type NamedSession,
} from './guard/current-budget.ts';
export type { BudgetOptions, CheaperCall, DegradableCall, GuardOptions, PauseDecision } from './guard/guard-options.ts';
export type { BudgetListener } from './guard/ladder.ts';
export { currentSession, findSession } from './session/current-session.ts';
export type { AgentFigures, CostFigures, SessionFigures, SpendFigures, TokenFigures } from './session/figures.ts';
export type { Identity } from './session/identity.ts';
export { withSession } from './session/with-session.ts';
export { configure } from './setup/configure.ts';
export {
  TurnmeterSpanProcessor,
  type TurnmeterSpanProcessorOptions,
} from './span-processor/turnmeter-span-processor.ts';
export type { AnswerFacts } from './usage/answer-facts.ts';
export { usageFrom } from './usage/usage-from.ts';
