// What entries say for themselves, in plain words: one sentence for each reason, each source of usage and each note.

import type { Entry, Reason } from './book/entry.ts';
import { NOTES, type Note } from './observe/notes.ts';
import type { UsageSource } from './observe/observation.ts';

/** Why an entry counts, or not. */
export const REASON_SENTENCES: Readonly<Record<Reason, string>> = {
  call: 'This is a model call; its tokens are counted here.',
  call_without_usage: 'This is a model call whose tokens nobody reports; it is counted, its tokens are not known.',
  model_request_without_span:
    'A request to a model was seen whose caller never reported; it is counted, its tokens are not known.',
  reported_beside_calls: 'These tokens were reported beside the calls, and no counted call holds them.',
  sum_fallback: 'This is a sum of calls that were never reported themselves, so it is counted in their place.',
  metric_fallback: 'Only a metric reports these calls, so it is counted in their place.',
  turn: 'This is one agent’s go; it counts as a turn.',
  tool_call: 'This is a tool call.',
  handoff: 'One agent handed over to another.',
  human_wait: 'The run waited for a person; this time is nobody’s response time.',
  run: 'This is the outermost span of a run; it adds nothing, but the session began and ended with it.',
  copy: 'Another record is the same call, seen nearer to the provider; that one is counted.',
  wraps_calls: 'This call only wraps other calls, which are counted themselves.',
  cache_hit: 'A cache answered; nobody was billed.',
  sum_of_counted_calls: 'This is the sum of calls that are counted themselves.',
  lifetime_total:
    'This is what an object spent in its whole life so far, no call’s or run’s usage, so it is never counted.',
  repeated_usage: 'Another record of the same producer has the same tokens.',
  witness: 'A better source reports the same calls; this one is compared with it and never added.',
  waiting_for_quiet: 'This counts only if nothing better arrives; the trace is not quiet yet.',
  repeated_tool: 'Another record is the same tool call, seen by another instrumentation; that one is counted.',
  repeated_turn: 'Another record is the same go of the agent, seen by another instrumentation; that one is counted.',
  repriced: 'The price was another: the same is booked again at the new one.',
};

/** Where the tokens of an entry come from. */
export const USAGE_SOURCE_SENTENCES: Readonly<Record<UsageSource, string>> = {
  provider: 'The provider counted the tokens.',
  estimated: 'The tokens are an estimate.',
  missing: 'The tokens are missing: there is more than the figures show.',
  none: 'No tokens were used, or the record is no call.',
};

/** What was noticed, and what was repaired, while a record was read. */
export const NOTE_SENTENCES: Readonly<Record<Note, string>> = NOTES;

/** Sentence for a code of any kind as it is stored with an entry; the code itself where a newer version wrote it. */
export function explainCode(code: string): string {
  const sentences: Readonly<Record<string, string>> = { ...REASON_SENTENCES, ...NOTE_SENTENCES };
  return Object.hasOwn(sentences, code) ? (sentences[code] ?? code) : code;
}

/** Why an entry is as it is, in sentences: its reason, where its tokens come from, what was noticed. */
export function explainEntry(entry: Pick<Entry, 'reason' | 'usageSource' | 'notes'>): readonly string[] {
  const source = entry.usageSource === 'none' ? [] : [USAGE_SOURCE_SENTENCES[entry.usageSource]];
  return [REASON_SENTENCES[entry.reason], ...source, ...entry.notes.map(explainCode)];
}
