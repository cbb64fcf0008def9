import { isObject, type JsonObject } from '../../usage/json-object.ts';

/** Messages, prompts or answers as they are shown where content is captured: who said what, without LangChain's wrapping. */
export function messagesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(messagesOf);
  if (!isObject(value)) return [value];
  if (Array.isArray(value['generations'])) return messagesOf(value['generations']);
  if (isObject(value['message'])) return messagesOf(value['message']);
  if ('content' in value) return [shown(value)];
  return [typeof value['text'] === 'string' ? value['text'] : value];
}

function shown(message: JsonObject): unknown {
  const { content, tool_calls: toolCalls } = message;
  const role = roleOf(message);
  return Array.isArray(toolCalls) && toolCalls.length > 0 ? { role, content, toolCalls } : { role, content };
}

function roleOf(message: JsonObject): unknown {
  const { _getType: typeOf, role } = message;
  const type = typeof typeOf === 'function' ? (typeOf as (this: unknown) => unknown).call(message) : role;
  return typeof type === 'string' ? (ROLES.get(type) ?? type) : type;
}

/** LangChain's words for those of the conventions. */
const ROLES: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['ai', 'assistant'],
]);
