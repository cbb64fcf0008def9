// A metric point that counts one kind of token.

import type { MetricPoint } from '../record/record.ts';
import type { TokenPart } from '../vocabulary/metric-words.ts';
import type { Draft } from './draft.ts';
import { readCount } from './numbers.ts';
import { type Authority, Grain, Role, type Usage, UsageSource } from './observation.ts';

export interface TokenPointOptions {
  readonly part: TokenPart;
  readonly authority: Authority;
  /** Are cached tokens counted beside those of type input (Claude) or among them? @default 'inside' */
  readonly cache?: 'inside' | 'beside';
  /** Are reasoning tokens counted beside those of type output (Gemini CLI) or among them? @default 'inside' */
  readonly reasoning?: 'inside' | 'beside';
}

const UNKNOWN: Usage = {
  input: undefined,
  output: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  cacheWrite1h: undefined,
  reasoning: undefined,
  inputAudio: undefined,
  outputAudio: undefined,
  inputImage: undefined,
  outputImage: undefined,
};

/** Reads a point's tokens. A histogram's are its sum, and its count of prompts is the number of calls. */
export function readTokenPoint(record: MetricPoint, draft: Draft, options: TokenPointOptions): void {
  const { value, fault } = readCount(record.value);
  if (fault !== undefined) draft.notes.push(fault);
  // A point of nothing says nothing; a cumulative one is read again when it has grown.
  if (value === undefined || (value === 0 && record.count === 0)) return;
  draft.role = Role.USAGE;
  draft.grain = Grain.CALL;
  draft.operation = record.metric.slice(0, 100);
  draft.authority = options.authority;
  draft.usage = usageOf(options, value);
  draft.usageSource = UsageSource.PROVIDER;
  draft.calls = options.part === 'input' ? record.count : 0;
}

function usageOf({ part, cache, reasoning }: TokenPointOptions, value: number): Usage {
  const usage = { ...UNKNOWN, [part]: value };
  if (cache === 'beside' && (part === 'cacheRead' || part === 'cacheWrite')) return { ...usage, input: value };
  if (reasoning === 'beside' && part === 'reasoning') return { ...usage, output: value };
  return usage;
}
