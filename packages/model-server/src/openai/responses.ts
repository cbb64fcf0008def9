import type { Answer } from '../answer.ts';
import { event, type Dialect } from '../dialect.ts';
import { requireModel, RequestError } from '../failures.ts';
import { newId } from '../ids.ts';
import { objectOf, objectsOf, parseArguments, textOf, type JsonObject } from '../json.ts';
import { Endpoint, type RequestContent, type RequestMessage } from '../script/request.ts';
import { contentText, toolChoiceOf, schemaOf, userOf } from './content.ts';
import { openaiError, openaiErrors } from './errors.ts';
import { outputItems, responseBody } from './response-body.ts';
import { responseFrames } from './response-frames.ts';

/** `POST /v1/responses`. */
export const openaiResponses: Dialect = {
  ...openaiErrors,
  endpoint: Endpoint.openaiResponses,
  isBilled: true,
  generates: true,
  reportsUsage: true,
  newAnswerId: () => newId('resp_', 50, 'hex'),
  newToolCallId: () => newId('call_', 24),
  read,
  plain: (answer: Answer) => responseBody(answer, outputItems(answer)),
  frames: responseFrames,
  errorFrame: (failure) => {
    const { message, code, param } = openaiError(failure);
    return {
      text: event({ type: 'error', code: code ?? 'server_error', message, param, sequence_number: 0 }, 'error'),
    };
  },
};

function read(body: JsonObject): RequestContent {
  const model = requireModel(body['model']);
  const { input } = body;
  if (typeof input !== 'string' && !Array.isArray(input) && body['prompt'] === undefined)
    throw new RequestError({ status: 400, message: "Missing required parameter: 'input'.", param: 'input' });
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : objectsOf(input);
  return {
    model,
    streamed: body['stream'] === true,
    system: [textOf(body['instructions']) ?? '', ...items.filter(isSystem).map((item) => contentText(item['content']))]
      .filter((text) => text !== '')
      .join('\n\n'),
    messages: items.filter((item) => !isSystem(item)).map(readItem),
    tools: objectsOf(body['tools'])
      .filter(({ type }) => type === 'function')
      .map((tool) => ({
        name: textOf(tool['name']) ?? '',
        description: textOf(tool['description']) ?? '',
        parameters: objectOf(tool['parameters']),
      })),
    toolChoice: toolChoiceOf(body['tool_choice']),
    schema: schemaOf(objectOf(objectOf(body['text'])['format'])),
    user: userOf(body),
    previousId: textOf(body['previous_response_id']),
    metadata: 'metadata' in body ? objectOf(body['metadata']) : undefined,
  };
}

function isSystem({ role }: JsonObject): boolean {
  return role === 'system' || role === 'developer';
}

function readItem(item: JsonObject): RequestMessage {
  if (item['type'] === 'function_call') {
    const call = { name: textOf(item['name']) ?? '', arguments: parseArguments(item['arguments']) };
    return { role: 'assistant', text: '', toolCalls: [call] };
  }
  if (item['type'] === 'function_call_output')
    return { role: 'tool', text: contentText(item['output']), toolCalls: [] };
  return { role: item['role'] === 'user' ? 'user' : 'assistant', text: contentText(item['content']), toolCalls: [] };
}
