import { objectOf, objectsOf, textOf, type JsonObject } from '../json.ts';
import type { RequestContent, RequestedForm, RequestMessage } from '../script/request.ts';

/** Reads the fields that messages and token counts have in common. */
export function readMessages(body: JsonObject, model: string): RequestContent {
  const metadata = 'metadata' in body ? objectOf(body['metadata']) : undefined;
  return {
    model,
    streamed: body['stream'] === true,
    system: blockText(body['system'], '\n\n'),
    messages: objectsOf(body['messages']).flatMap(readMessage),
    tools: objectsOf(body['tools'])
      .filter((tool) => 'input_schema' in tool)
      .map((tool) => ({
        name: textOf(tool['name']) ?? '',
        description: textOf(tool['description']) ?? '',
        parameters: objectOf(tool['input_schema']),
      })),
    toolChoice: toolChoiceOf(objectOf(body['tool_choice'])),
    schema: schemaOf(body),
    user: textOf(metadata?.['user_id']),
    metadata,
  };
}

// Tool results come as blocks of a user message; for scripts they are messages of their own.
function readMessage(message: JsonObject): readonly RequestMessage[] {
  const { content } = message;
  const blocks = objectsOf(content);
  const results = blocks
    .filter(({ type }) => type === 'tool_result')
    .map((block): RequestMessage => ({ role: 'tool', text: blockText(block['content']), toolCalls: [] }));
  const toolCalls = blocks
    .filter(({ type }) => type === 'tool_use')
    .map((block) => ({ name: textOf(block['name']) ?? '', arguments: objectOf(block['input']) }));
  const text = blockText(content);
  if (text === '' && toolCalls.length === 0 && results.length > 0) return results;
  return [...results, { role: message['role'] === 'assistant' ? 'assistant' : 'user', text, toolCalls }];
}

function blockText(content: unknown, separator: string = ''): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []))
    .join(separator);
}

function toolChoiceOf(choice: JsonObject): RequestedForm['toolChoice'] {
  if (choice['type'] === 'any' || choice['type'] === 'none') return choice['type'];
  const name = textOf(choice['name']);
  return choice['type'] === 'tool' && name !== undefined ? { name } : undefined;
}

// `output_format` is what `output_config.format` was called in the beta.
function schemaOf(body: JsonObject): JsonObject | undefined {
  const format = objectOf(objectOf(body['output_config'])['format'] ?? body['output_format']);
  return format['type'] === 'json_schema' ? objectOf(format['schema']) : undefined;
}
