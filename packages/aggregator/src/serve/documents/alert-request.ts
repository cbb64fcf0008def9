// A rule as it is sent: every field checked, and each that does not fit the measure refused by its name.

import { z } from 'zod';
import type { AlertConditions, AlertRuleDraft, Comparison } from '../../alert/alert-rule.ts';
import { AlertMeasure, type ConditionName, MEASURES, WINDOWS } from '../../alert/measures.ts';
import { expecting } from '../parameters.ts';

/** A rule as it was sent, durations in seconds. */
export interface AlertRequest {
  readonly name: string;
  readonly what: AlertMeasure;
  readonly where: AlertConditions;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly window?: string | undefined;
  readonly for: number;
  readonly repeat_interval: number;
  readonly is_enabled: boolean;
  readonly webhook: { readonly url: string; readonly secret?: string | undefined };
}

/** A new one has no secret yet that could stay. */
export interface NewAlertRequest extends AlertRequest {
  readonly webhook: { readonly url: string; readonly secret: string };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const DURATION = /^(\d{1,7})([smhd])$/;
const DAY = 86_400;

/** `90s`, `5m`, `4h`, `1d`, as rules of Prometheus have them. */
function duration(minSeconds: number, maxSeconds: number): z.ZodType<number, string> {
  const error = expecting(
    `a duration like 30s, 5m, 4h or 1d, from ${durationText(minSeconds)} to ${durationText(maxSeconds)}`,
  );
  return z
    .string({ error })
    .refine((text) => secondsOf(text) >= minSeconds && secondsOf(text) <= maxSeconds, { error })
    .transform(secondsOf);
}

/** NaN for what is no duration. */
function secondsOf(text: string): number {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  return count === undefined ? Number.NaN : Number(count) * (UNIT_SECONDS[unit] ?? Number.NaN);
}

/** `5m` for 300: in the largest unit that it is a whole number of. */
export function durationText(seconds: number): string {
  for (const unit of ['d', 'h', 'm']) {
    const size = UNIT_SECONDS[unit] ?? 1;
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

const NAME_CHARS_MAX = 200;
const FOR_SECONDS_MAX = 7 * DAY;
const REPEAT = { minSeconds: 60, maxSeconds: 30 * DAY };

const condition = z
  .string({ error: expecting('a name') })
  .min(1, { error: expecting('a name') })
  .max(1000, { error: expecting('a name of at most 1000 characters') })
  .optional();

const ruleShape = {
  name: z
    .string({ error: expecting('a name') })
    .trim()
    .min(1, { error: expecting('a name') })
    .max(NAME_CHARS_MAX, { error: expecting(`at most ${NAME_CHARS_MAX} characters`) })
    .describe('What people call it.'),
  what: z.enum(AlertMeasure, { error: expecting(`one of ${Object.values(AlertMeasure).join(', ')}`) }).describe(
    Object.entries(MEASURES)
      .map(([measure, { unit, meaning }]) => `${measure} (${unit}): ${meaning}`)
      .join(' '),
  ),
  where: z
    .strictObject({ workflow: condition, agent: condition, model: condition })
    .default({})
    .describe('Narrows down what is measured; which of the three may be given depends on what is.'),
  comparison: z.enum(['above', 'below'], { error: expecting('above or below') }).default('above'),
  threshold: z
    .number({ error: expecting('a number') })
    .min(-1e15, { error: expecting('a number of at least -1e15') })
    .max(1e15, { error: expecting('a number of at most 1e15') })
    .describe('In the unit of what is measured. The same as the threshold is neither above nor below.'),
  window: z
    .enum(Object.keys(WINDOWS), { error: expecting(`one of ${Object.keys(WINDOWS).join(', ')}`) })
    .optional()
    .describe(
      'Time that ends now; it begins at full five minutes. For measures of workflows and tenants, and only those.',
    ),
  for: duration(0, FOR_SECONDS_MAX).default(0).describe('How long it must hold before it is told.'),
  repeat_interval: duration(REPEAT.minSeconds, REPEAT.maxSeconds)
    .default(4 * 3600)
    .describe('What goes on is told again after this, and not sooner.'),
  is_enabled: z.boolean({ error: expecting('true or false') }).default(true),
};

const url = z.string({ error: expecting('an address like https://example.com/hook') });
const secret = z.string({ error: expecting('whsec_ and 24 to 64 bytes in base64') });
const SECRET_DESCRIPTION =
  'Signs messages, as Standard Webhooks says: whsec_ and 24 to 64 bytes in base64. Never given out.';

const notAnObject = { error: expecting('a JSON object with name, what, threshold and webhook') };

export const newAlertSchema: z.ZodType<NewAlertRequest> = z
  .strictObject(
    { ...ruleShape, webhook: z.strictObject({ url, secret: secret.describe(SECRET_DESCRIPTION) }) },
    notAnObject,
  )
  .check(fitsItsMeasure);

export const changedAlertSchema: z.ZodType<AlertRequest> = z
  .strictObject(
    {
      ...ruleShape,
      webhook: z.strictObject({
        url,
        secret: secret.optional().describe(`${SECRET_DESCRIPTION} Left out: the one there is stays.`),
      }),
    },
    notAnObject,
  )
  .check(fitsItsMeasure);

/** What only makes sense together. */
function fitsItsMeasure(context: z.core.ParsePayload<AlertRequest>): void {
  const { what, where, window } = context.value;
  const { isWindowed, conditions } = MEASURES[what];
  const refuse = (path: readonly string[], message: string, input: unknown): void => {
    context.issues.push({ code: 'custom', path: [...path], message, input });
  };
  if (isWindowed && window === undefined) {
    refuse(['window'], `expected one of ${Object.keys(WINDOWS).join(', ')} for ${what}, received none`, window);
  }
  if (!isWindowed && window !== undefined) {
    refuse(['window'], `expected none for ${what}, which is measured as it is now, received ${window}`, window);
  }
  for (const [name, value] of Object.entries(where)) {
    if (value === undefined || conditions.includes(name as ConditionName)) continue;
    const possible = conditions.length === 0 ? 'no condition' : `only ${conditions.join(', ')}`;
    refuse(['where', name], `expected ${possible} for ${what}`, value);
  }
}

export function draftOfRequest(request: AlertRequest): AlertRuleDraft {
  const { name, what, where, comparison, threshold, window, webhook, is_enabled: isEnabled } = request;
  return {
    name,
    what,
    where,
    comparison,
    threshold,
    windowSeconds: window === undefined ? undefined : WINDOWS[window],
    forSeconds: request.for,
    repeatSeconds: request.repeat_interval,
    webhookUrl: webhook.url,
    isEnabled,
  };
}
