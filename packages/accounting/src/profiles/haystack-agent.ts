// Haystack 3: an agent's model calls are no spans in OpenInference; only the agent's result says what they came to.

import { ATTR_OUTPUT_VALUE } from '@turnmeter/semconv';
import { setUsage } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { findObject } from '../observe/literal.ts';
import { Grain, Role } from '../observe/observation.ts';
import { readUsageObject } from '../observe/usage-shapes.ts';
import type { TelemetryRecord } from '../record/record.ts';

const SCOPE = /[.-]haystack$/;
const RUN = /^Agent\.run(_async)?$/;

/** `{"messages": […], "step_count": 2, "token_usage": {"prompt_tokens": 1178, …}}`. Returns false where the record is no such result. */
export function readHaystackAgent(record: TelemetryRecord, draft: Draft): boolean {
  if (record.signal !== 'span' || !SCOPE.test(record.scope.name) || !RUN.test(record.name)) return false;
  draft.role = Role.AGENT;
  draft.grain = Grain.SUM;
  const output = record.attributes.string(ATTR_OUTPUT_VALUE) ?? '';
  const shaped = readUsageObject(findObject(output, 'token_usage') ?? {});
  if (shaped === undefined) return true;
  setUsage(draft, shaped.raw, shaped);
  draft.calls = Math.max(1, Number(lastOf(output, /"step_count"\s*:\s*(\d{1,4})\b/g)));
  if (draft.model === '') draft.model = lastOf(output, /'model': '([^']{1,100})'/g);
  return true;
}

/** What a pattern's group matched last: messages come first, and may be of earlier runs. */
function lastOf(text: string, pattern: RegExp): string {
  return [...text.slice(-TAIL_LENGTH).matchAll(pattern)].at(-1)?.[1] ?? '';
}

/** The result's own values come behind the messages (characters). */
const TAIL_LENGTH = 50_000;
