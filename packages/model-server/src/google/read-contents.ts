import type { CallTarget } from '../dialect.ts';
import { requireModel } from '../failures.ts';
import { objectOf, objectsOf, textOf, type JsonObject } from '../json.ts';
import type { RequestContent, RequestedForm, RequestMessage } from '../script/request.ts';

/** Reads the body of `generateContent` and its kin; the address names the model. */
export function readContents(body: JsonObject, target: CallTarget): RequestContent {
  const config = objectOf(body['generationConfig']);
  return {
    model: requireModel(target.model),
    streamed: target.streamed === true,
    system: partsText(objectOf(body['systemInstruction'] ?? body['system_instruction'])),
    messages: objectsOf(body['contents']).flatMap(readContent),
    tools: objectsOf(body['tools'])
      .flatMap((tool) => objectsOf(tool['functionDeclarations']))
      .map((declared) => ({
        name: textOf(declared['name']) ?? '',
        description: textOf(declared['description']) ?? '',
        parameters: objectOf(declared['parametersJsonSchema'] ?? declared['parameters']),
      })),
    toolChoice: toolChoiceOf(objectOf(objectOf(body['toolConfig'])['functionCallingConfig'])),
    schema: schemaOf(config),
    metadata: 'labels' in body ? objectOf(body['labels']) : undefined,
  };
}

/** The text of a content, its thoughts left out. */
export function partsText(content: JsonObject): string {
  return objectsOf(content['parts'])
    .flatMap(({ text, thought }) => (typeof text === 'string' && thought !== true ? [text] : []))
    .join('');
}

function readContent(content: JsonObject): readonly RequestMessage[] {
  const parts = objectsOf(content['parts']);
  const results = parts
    .filter((part) => 'functionResponse' in part)
    .map((part): RequestMessage => {
      const { response } = objectOf(part['functionResponse']);
      return { role: 'tool', text: JSON.stringify(response ?? {}), toolCalls: [] };
    });
  const toolCalls = parts
    .filter((part) => 'functionCall' in part)
    .map((part) => {
      const call = objectOf(part['functionCall']);
      return { name: textOf(call['name']) ?? '', arguments: objectOf(call['args']) };
    });
  const text = partsText(content);
  if (text === '' && toolCalls.length === 0 && results.length > 0) return results;
  return [...results, { role: content['role'] === 'model' ? 'assistant' : 'user', text, toolCalls }];
}

function toolChoiceOf({ mode, allowedFunctionNames }: JsonObject): RequestedForm['toolChoice'] {
  if (mode === 'NONE') return 'none';
  if (mode !== 'ANY') return undefined;
  const name: unknown = Array.isArray(allowedFunctionNames) ? allowedFunctionNames[0] : undefined;
  return typeof name === 'string' ? { name } : 'any';
}

function schemaOf(config: JsonObject): JsonObject | undefined {
  if (config['responseMimeType'] !== 'application/json') return undefined;
  const schema = config['responseJsonSchema'] ?? config['responseSchema'];
  return schema === undefined ? { type: 'object' } : objectOf(schema);
}
