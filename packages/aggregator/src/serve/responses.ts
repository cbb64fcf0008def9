// What routes answer with, for the OpenAPI document.

import { z } from 'zod';
import { PROBLEM_TYPE, type ProblemDetails } from './problem.ts';

const problemSchema: z.ZodType<ProblemDetails> = z
  .object({
    type: z.string().meta({ description: 'Names the kind of problem.' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What happened, what was expected, what was received.' }),
    code: z.string().meta({ description: 'The last part of type, for programs.' }),
    suggestions: z.array(z.string()).readonly().optional().meta({ description: 'What may have been meant.' }),
    errors: z
      .array(z.object({ parameter: z.string(), detail: z.string() }))
      .readonly()
      .optional()
      .meta({ description: 'What is wrong with the request, parameter by parameter.' }),
  })
  .meta({ id: 'Problem' });

const DESCRIPTIONS = {
  400: 'The request is not understood: `errors` says what of it.',
  401: 'No key, or an unknown one.',
  402: 'The balance does not have as much.',
  403: 'The key may not do this.',
  404: 'Nothing is known of it.',
  409: 'Something else is under way, or was asked with the same key.',
  412: 'Somebody else wrote a newer version.',
  422: 'The answer is larger than one may be.',
  429: 'Too many requests at a time.',
  503: 'It may succeed later: see Retry-After.',
} as const;

export type ProblemStatus = keyof typeof DESCRIPTIONS;

/** Every route may answer with these. */
const ALWAYS = [400, 401, 403, 429, 503] as const;

export interface Answer {
  readonly description: string;
  readonly schema: z.ZodType;
}

export interface DocumentedResponse {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

export type DocumentedResponses = Readonly<Record<number, DocumentedResponse>>;

/** Responses of a route: a document, and problems. */
export function answers({ description, schema }: Answer, ...others: readonly ProblemStatus[]): DocumentedResponses {
  return answersOf({ description, content: { 'application/json': { schema } } }, ...others);
}

/** Responses of a route that answers in several formats. */
export function answersOf(answer: DocumentedResponse, ...others: readonly ProblemStatus[]): DocumentedResponses {
  return { 200: answer, ...problems(...ALWAYS, ...others) };
}

export function problems(...statuses: readonly ProblemStatus[]): DocumentedResponses {
  const content = { [PROBLEM_TYPE]: { schema: problemSchema } };
  return Object.fromEntries(statuses.map((status) => [status, { description: DESCRIPTIONS[status], content }]));
}
