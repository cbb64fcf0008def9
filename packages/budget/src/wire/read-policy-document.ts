// In: a policy as JSON, from a request or a file. Out: the rule that it is, or all that is wrong with it, by the field names of JSON.

import {
  checkPolicy,
  checkScope,
  DEGRADE_FIELDS,
  LIMIT_LEVELS,
  POLICY_FIELDS,
  SCOPE_FIELDS,
} from '../policy/check-policy.ts';
import type { PolicyRule } from '../policy/policy.ts';
import { isRecord, type PolicyProblem, shown, unknownFields } from '../policy/policy-problem.ts';

/** A rule, or why there is none. */
export type PolicyReading =
  | { readonly rule: PolicyRule; readonly problems?: undefined }
  | { readonly rule?: undefined; readonly problems: readonly PolicyProblem[] };

/**
 * Reads a policy document. Unknown fields are refused, each with the name that was probably meant; problems name fields as the document
 * does. What it says beside other policies is for `checkRule`.
 */
export function readPolicyDocument(json: unknown): PolicyReading {
  if (!isRecord(json)) return { problems: [{ field: '', message: `expected an object, received ${shown(json)}` }] };
  const unknown = unknownFields(json, [...SCOPE_FIELDS, ...POLICY_FIELDS].map(inDocument), '');
  const scope = renamed(json, SCOPE_FIELDS);
  const policy = renamed(json, POLICY_FIELDS);
  const inner: readonly PolicyProblem[] = (['shares', 'usd', 'tokens'] as const).flatMap((unit) => {
    const limits = policy[unit];
    if (!isRecord(limits)) return [];
    policy[unit] = renamed(limits, LIMIT_LEVELS);
    return unknownFields(limits, LIMIT_LEVELS, `${unit}.`);
  });
  const { degrade } = policy;
  if (isRecord(degrade)) policy['degrade'] = renamed(degrade, DEGRADE_FIELDS);
  const problems = [
    ...unknown,
    ...inner,
    ...(isRecord(degrade) ? unknownFields(degrade, DEGRADE_FIELDS.map(inDocument), 'degrade.') : []),
    ...[...checkScope(scope), ...checkPolicy(policy)].map(({ field, message }) => ({
      field: inDocument(field),
      message,
    })),
  ];
  return problems.length > 0 ? { problems } : { rule: { scope, policy } };
}

/** `outputTokensMax` → `output_tokens_max`; names of models stay as they are. */
export function inDocument(field: string): string {
  const models = 'degrade.models.';
  return field.startsWith(models) ? field : field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The known fields under the names that code has for them. Null is the same as missing. */
function renamed(document: Readonly<Record<string, unknown>>, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    fields
      .map((field) => [field, Object.hasOwn(document, inDocument(field)) ? document[inDocument(field)] : undefined])
      .filter(([, value]) => value !== undefined && value !== null),
  );
}
