export { startModelServer, type ModelServer, type ModelServerOptions } from './server.ts';
export { Outcome, type LedgerEntry } from './ledger/entry.ts';
export type { LedgerTotals } from './ledger/ledger.ts';
export {
  FinishReason,
  type Reply,
  type ReplyContent,
  type ReplyFault,
  type ReplyPace,
  type ReplyToolCall,
  type Script,
} from './script/reply.ts';
export {
  Endpoint,
  type ModelRequest,
  type OfferedTool,
  type RequestContent,
  type RequestedForm,
  type RequestMessage,
  type RequestToolCall,
} from './script/request.ts';
export { groupChatScript, type GroupChatOptions } from './script/group-chat.ts';
export { parseRules } from './script/parse-rules.ts';
export { rulesScript, type Rule, type ScriptSource } from './script/rules.ts';
export type { Usage, UsageSpec } from './usage.ts';
