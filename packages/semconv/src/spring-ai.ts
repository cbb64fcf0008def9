// Spring AI (Java, through Micrometer: all values are text). Usage is on `chat {model}` and `embedding {model}` spans,
// spelled as in gen-ai.ts; in 1.x it grows from call to call of one tool loop.

// What the span is: `chat_client`, `advisor`, `tool_call`, `vector_store`.
export const ATTR_SPRING_AI_KIND = 'spring.ai.kind';

// Identity.
export const ATTR_SPRING_AI_CHAT_CLIENT_CONVERSATION_ID = 'spring.ai.chat.client.conversation.id';
export const ATTR_SPRING_AI_ADVISOR_NAME = 'spring.ai.advisor.name';
export const ATTR_SPRING_AI_TOOL_DEFINITION_NAME = 'spring.ai.tool.definition.name';
export const ATTR_SPRING_AI_TOOL_CALL_ID = 'spring.ai.tool.call.id';

// Content.
export const ATTR_SPRING_AI_TOOL_CALL_ARGUMENTS = 'spring.ai.tool.call.arguments';
export const ATTR_SPRING_AI_TOOL_CALL_RESULT = 'spring.ai.tool.call.result';

// What of these is content, joined in content.ts.
export const CONTENT_OF_SPRING_AI: readonly string[] = [
  ATTR_SPRING_AI_TOOL_CALL_ARGUMENTS,
  ATTR_SPRING_AI_TOOL_CALL_RESULT,
];
