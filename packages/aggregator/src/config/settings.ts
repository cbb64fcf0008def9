// All settings as a flat list: their place in the file, their name in the environment, what they mean.

import { z } from 'zod';
import { configSchema } from './schema.ts';

export interface Setting {
  /** Path in the file: `otlp.http_port`. */
  readonly path: string;
  /** `TURNMETER_OTLP_HTTP_PORT`; '' for lists, which only the file can hold. */
  readonly variable: string;
  readonly kind: 'text' | 'number' | 'flag' | 'list';
  readonly description: string;
  readonly default: unknown;
}

export const VARIABLE_PREFIX = 'TURNMETER_';

/** Settings in the order of the schema. */
export function listSettings(): readonly Setting[] {
  return settingsIn(configSchema, '');
}

function settingsIn(schema: z.ZodObject, prefix: string): readonly Setting[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const { inner, value, description } = unwrap(field as z.ZodType);
    if (inner instanceof z.ZodObject) return settingsIn(inner, path);
    const kind = kindOf(inner);
    const variable = kind === 'list' ? '' : VARIABLE_PREFIX + path.replaceAll('.', '_').toUpperCase();
    return [{ path, variable, kind, description, default: value }];
  });
}

function kindOf(type: z.ZodType): Setting['kind'] {
  if (type instanceof z.ZodArray) return 'list';
  if (type instanceof z.ZodBoolean) return 'flag';
  return type instanceof z.ZodNumber ? 'number' : 'text';
}

/** Looks through defaults and optionals to the type itself. */
function unwrap(field: z.ZodType): { inner: z.ZodType; value: unknown; description: string } {
  let inner: z.ZodType = field;
  let value: unknown;
  let description = field.description ?? '';
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional) {
    if (inner instanceof z.ZodDefault) value ??= inner.def.defaultValue;
    inner = inner.unwrap() as z.ZodType;
    if (description === '') description = inner.description ?? '';
  }
  return { inner, value, description };
}
