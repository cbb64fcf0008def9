// AG2's own agents, which take part in a chat and are no speakers (ag2.md §2.4).

/** Their `invoke_agent` or `generate_reply` is the manager's work or a tool step, not a turn. */
const NO_SPEAKERS = new Set([
  'chat_manager',
  'checking_agent',
  'speaker_selection_agent',
  '_Group_Tool_Executor',
  'Executor',
]);

/** What the calls of those who pick the next speaker are for. */
export const SPEAKER_SELECTION_PURPOSE = 'speaker_selection';

export function isSpeaker(agent: string): boolean {
  return !NO_SPEAKERS.has(agent);
}

/** The throw-away agents that ask a model who speaks next. */
export function selectsSpeakers(agent: string): boolean {
  return agent === 'speaker_selection_agent' || agent === 'checking_agent';
}
