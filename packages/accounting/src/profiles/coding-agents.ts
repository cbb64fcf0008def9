// What the coding agents have in common: which of their signals is believed, and how their events belong together without a trace.

import type { Draft } from '../observe/draft.ts';
import type { LogRecord } from '../record/record.ts';

/** What the agent is called that talks to the user, in tools that name only its sub-agents. */
export const MAIN_AGENT = 'main';
/** A sub-agent that nobody names. */
export const SUBAGENT = 'subagent';

/** Sources of one population of calls, best first (cli-producers.md §2.1). */
export const Rank = {
  CALL_EVENT: 0,
  CALL_SPAN: 1,
  /** Events that leave a part out and come beside better ones. */
  WEAK_EVENT: 2,
  TURN_SUM: 3,
  METRIC: 4,
  WEAK_METRIC: 5,
} as const;

/**
 * Hangs an event that was written outside any trace below the user's prompt it belongs to: the prompt is the main agent's turn, and
 * the calls, tools and sub-agents below it are what happened in it. The trace id is no hexadecimal one, so it can be nobody's;
 * and it has no slash, which stands between the parts of a record's key.
 */
export function nestInPrompt(
  record: LogRecord,
  draft: Draft,
  { promptId, isPrompt }: { promptId: string | undefined; isPrompt: boolean },
): void {
  if (record.traceId !== '' || promptId === undefined || promptId === '' || promptId.length > 200) return;
  const id = promptId.replaceAll('/', '_');
  draft.traceId = `prompt:${id}`;
  if (isPrompt) draft.id = id;
  else draft.parentId = `log/${id}`;
}
