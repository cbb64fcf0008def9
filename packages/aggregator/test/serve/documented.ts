// Are answers what the OpenAPI document says? An independent validator tells, strictly: a field that is not documented is a fault too.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Answer } from './running-api.ts';

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Operation {
  readonly tags: readonly string[];
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

export class Documentation {
  readonly document: OpenApiDocument;
  readonly #ajv: Ajv2020;

  constructor(document: OpenApiDocument) {
    this.document = document;
    this.#ajv = new Ajv2020({ strict: true, allErrors: true });
    addFormats.default(this.#ajv);
    this.#ajv.addVocabulary(['components']);
    this.#ajv.addSchema({ $id: 'api', components: closed(document.components) as object });
  }

  /** What is wrong with an answer; empty when it is as documented. */
  faultsOf(method: string, path: string, answer: Answer): readonly string[] {
    const mediaType = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const response = this.document.paths[path]?.[method.toLowerCase()]?.responses[String(answer.status)];
    const content = Object.entries(response?.content ?? {}).find(([type]) => type.split(';')[0] === mediaType)?.[1];
    if (content === undefined) return [`${method} ${path}: ${answer.status} ${mediaType} is not documented`];
    if (!mediaType.includes('json') || mediaType.includes('ndjson')) return [];
    const validate = this.#compile(content.schema);
    return validate(answer.body)
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
  }

  #compile(schema: object): ValidateFunction {
    const text = JSON.stringify(closed(schema)).replaceAll('"#/components/', '"api#/components/');
    return this.#ajv.compile(JSON.parse(text) as object);
  }
}

/** Objects with named fields have no others. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  const isObject = parts['type'] === 'object' && 'properties' in parts && !('additionalProperties' in parts);
  return isObject ? { ...parts, additionalProperties: false } : parts;
}
