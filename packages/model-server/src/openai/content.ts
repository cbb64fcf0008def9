import { objectOf, objectsOf, textOf, type JsonObject } from '../json.ts';
import type { RequestedForm } from '../script/request.ts';

/** The text of a message's content: a string, or parts of which some are text. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .map((part) => textOf(part['text']) ?? textOf(part['refusal']) ?? '')
    .join('');
}

/** The end user that a body names; the newer field wins. */
export function userOf(body: JsonObject): string | undefined {
  return textOf(body['safety_identifier']) ?? textOf(body['user']);
}

/** The schema of a response format, be it nested (chat) or flat (responses); any object for `json_object`. */
export function schemaOf(format: JsonObject): JsonObject | undefined {
  if (format['type'] === 'json_object') return { type: 'object' };
  if (format['type'] !== 'json_schema') return undefined;
  return objectOf(format['schema'] ?? objectOf(format['json_schema'])['schema']);
}

/** Whether and which tool has to be called, be the choice nested (chat) or flat (responses). */
export function toolChoiceOf(choice: unknown): RequestedForm['toolChoice'] {
  if (choice === 'required') return 'any';
  if (choice === 'none') return 'none';
  const chosen = objectOf(choice);
  const name = textOf(chosen['name']) ?? textOf(objectOf(chosen['function'])['name']);
  return name === undefined ? undefined : { name };
}
