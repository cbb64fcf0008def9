// Gemini CLI and its fork Qwen Code write usage under the same names and mean different things by them.

import {
  ATTR_GEMINI_CLI_THOUGHTS_TOKEN_COUNT,
  ATTR_GEMINI_CLI_TOOL_TOKEN_COUNT,
  ATTR_GEMINI_CLI_TOTAL_TOKEN_COUNT,
} from '@turnmeter/semconv';
import { setUsage } from '../observe/call.ts';
import type { Draft } from '../observe/draft.ts';
import { readCount } from '../observe/numbers.ts';
import { UsageSource } from '../observe/observation.ts';
import { readRawUsage } from '../observe/usage.ts';
import type { TelemetryRecord } from '../record/record.ts';

/**
 * Reads the usage of an `api_response`. Whether the thoughts are in the output, and what tools brought in the input, is what the
 * record's own total says: 672 in, 182 out, 28 thoughts, 882 in all → beside. `thoughts` decides where there is no total.
 */
export function readGeminiUsage(
  record: TelemetryRecord,
  draft: Draft,
  { thoughts: usually }: { thoughts: 'inside' | 'beside' },
): void {
  const { attributes } = record;
  const raw = readRawUsage(attributes, draft.notes);
  raw.total ??= readCount(attributes.get(ATTR_GEMINI_CLI_TOTAL_TOKEN_COUNT)).value;
  raw.reasoning ??= readCount(attributes.get(ATTR_GEMINI_CLI_THOUGHTS_TOKEN_COUNT)).value;
  const { input, output, total, reasoning = 0 } = raw;
  const tools = readCount(attributes.get(ATTR_GEMINI_CLI_TOOL_TOKEN_COUNT)).value ?? 0;
  let thoughts = usually;
  if (input !== undefined && output !== undefined && total !== undefined) {
    const beside = total - input - output;
    if (beside === 0) thoughts = 'inside';
    else if (beside === reasoning || beside === reasoning + tools) thoughts = 'beside';
    if (tools > 0 && (beside === tools || beside === reasoning + tools)) raw.input = input + tools;
  }
  setUsage(draft, raw, { reasoning: reasoning > (output ?? 0) ? 'beside' : thoughts });
  if (draft.usage === undefined) draft.usageSource = draft.error === '' ? UsageSource.MISSING : UsageSource.NONE;
}
