export { OpenAIInstrumentation } from './attach/openai/openai-instrumentation.ts';
export type { TurnmeterInstrumentationConfig } from './attach/turnmeter-instrumentation.ts';
export type { Content, TurnmeterConfig } from './config.ts';
export { configure } from './emit/recorder.ts';
export { currentSession, findSession } from './session/current-session.ts';
export type { AgentFigures, CostFigures, SessionFigures, SpendFigures, TokenFigures } from './session/figures.ts';
export type { Identity } from './session/identity.ts';
export { withSession } from './session/with-session.ts';
export type { AnswerFacts } from './usage/answer-facts.ts';
