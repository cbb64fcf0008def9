import { isObject, objectOf, objectsOf, textOf, type JsonObject } from '../json.ts';

// A schema that refers to itself has no smallest sample; deeper levels are left empty.
const DEPTH_MAX = 12;

/** A value that a JSON Schema allows, the same each time: for structured output and tool arguments that a script leaves open. */
export function sampleJson(
  schema: JsonObject,
  name: string = 'value',
  root: JsonObject = schema,
  depth: number = 0,
): unknown {
  const target = typeof schema['$ref'] === 'string' ? resolve(schema['$ref'], root) : schema;
  if (depth > DEPTH_MAX) return null;
  if ('const' in target) return target['const'];
  if (Array.isArray(target['enum'])) return target['enum'][0];
  if ('default' in target) return target['default'];
  const [alternative] = [target['anyOf'], target['oneOf'], target['allOf']].flatMap(objectsOf);
  if (alternative !== undefined) return sampleJson(alternative, name, root, depth + 1);
  return sampleOfType(target, name, root, depth);
}

function sampleOfType(schema: JsonObject, name: string, root: JsonObject, depth: number): unknown {
  switch (typeName(schema)) {
    case 'object':
      return Object.fromEntries(
        Object.entries(objectOf(schema['properties'])).map(([key, property]) => [
          key,
          sampleJson(objectOf(property), key, root, depth + 1),
        ]),
      );
    case 'array':
      return isObject(schema['items']) ? sampleItems(schema, schema['items'], name, root, depth) : [];
    case 'integer':
    case 'number':
      return smallestNumber(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return sampleText(schema, name);
  }
}

function sampleItems(schema: JsonObject, item: JsonObject, name: string, root: JsonObject, depth: number): unknown[] {
  const length = Math.min(Math.max(Number(schema['minItems'] ?? 1), 1), 100);
  return Array.from({ length }, () => sampleJson(item, name, root, depth + 1));
}

// Gemini writes types in capitals; a list such as ["string", "null"] starts with the one that says more.
function typeName(schema: JsonObject): string {
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  return textOf(type)?.toLowerCase() ?? (isObject(schema['properties']) ? 'object' : 'string');
}

function smallestNumber(schema: JsonObject): number {
  if (typeof schema['minimum'] === 'number') return schema['minimum'];
  if (typeof schema['exclusiveMinimum'] === 'number') return schema['exclusiveMinimum'] + 1;
  const highest = Number(schema['maximum'] ?? schema['exclusiveMaximum'] ?? 2);
  return highest > 1 ? 1 : highest - 1;
}

function sampleText(schema: JsonObject, name: string): string {
  if (schema['format'] === 'date') return '2026-01-31';
  if (schema['format'] === 'date-time') return '2026-01-31T12:00:00Z';
  if (schema['format'] === 'email') return 'someone@example.com';
  if (schema['format'] === 'uri' || schema['format'] === 'url') return 'https://example.com/';
  if (schema['format'] === 'uuid') return '3f2b6c1e-8d47-4a09-9c55-0e1f7a6b2d34';
  return `sample ${name}`
    .padEnd(Math.min(Number(schema['minLength'] ?? 0), 1000), '.')
    .slice(0, Number(schema['maxLength'] ?? 1000));
}

// Sample: "#/$defs/Step". References into other documents are not followed.
function resolve(reference: string, root: JsonObject): JsonObject {
  const path = reference.startsWith('#/') ? reference.slice(2).split('/') : [];
  return path.reduce<JsonObject>((node, key) => objectOf(node[key.replaceAll('~1', '/').replaceAll('~0', '~')]), root);
}
