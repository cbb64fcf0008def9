import { createHash } from 'node:crypto';

/** What an agent of the scripted chat is there for. */
export const Part = { planner: 'planner', writer: 'writer', critic: 'critic', other: 'other' } as const;
export type Part = (typeof Part)[keyof typeof Part];

// Names that the agents of tutorials have; the name decides before the system prompt does.
const PART_NAMES: readonly (readonly [Part, RegExp])[] = [
  [Part.planner, /plan|supervis|triage|coordinat|orchestrat|manager|lead|chief/iu],
  [Part.writer, /writ|author|draft|engineer|coder|develop|research|translat/iu],
  [Part.critic, /critic|review|edit|judge|check|test|evaluat/iu],
];

/** The part that an agent plays, by its name or, without one, by its system prompt. */
export function partOf(agent: string | undefined, system: string): Part {
  const text = agent ?? system.slice(0, 400);
  return PART_NAMES.find(([, names]) => names.test(text))?.[0] ?? Part.other;
}

const SENTENCES: Readonly<Record<Part, readonly string[]>> = {
  planner: [
    'Let us split this into three steps: gather the facts, draft, and check the draft against the facts.',
    'The reader wants one clear recommendation, so the outline leads with it and keeps the numbers for the second paragraph.',
    'Writer, please keep it under two hundred words and name the trade-off that decided the matter.',
    'We have two open questions: who the audience is, and which figures are confirmed.',
    'I would leave the history out; it does not change what the reader should do.',
    'Critic, look at the claims first and at the style last.',
  ],
  writer: [
    'Here is a draft: rivers swell in spring because snow melts faster than frozen ground can take it in.',
    'The second paragraph now says where the figure comes from and how sure we are of it.',
    'I cut the introduction to one sentence and moved the recommendation to the top.',
    'Compared with last year the cost fell by a fifth, nearly all of it from shorter prompts.',
    'A reader who stops after the first line still knows what to do and by when.',
    'I kept the example with the bridge, since it is the one that people remember.',
    'The closing paragraph lists the two risks in the order in which they would show.',
  ],
  critic: [
    'The claim about snow melt needs a source or a softer verb.',
    'Good: the recommendation is now in the first line and the figure in the second.',
    'The third sentence repeats the first; one of them should go.',
    'Please say what happens when the assumption about demand turns out wrong.',
    'The tone is right, the numbers add up, and the example helps.',
    'There is still a passive sentence that hides who has to act.',
  ],
  other: [
    'I looked into it and found nothing that contradicts the plan.',
    'The figures of the last quarter agree with what was said here.',
    'There are two ways to go on, of which the first is cheaper and the second safer.',
    'I suggest that we decide now and check again in a week.',
  ],
};

/** Some sentences that this part would say, the same for the same key. */
export function speak(part: Part, key: string, sentences: number): string {
  const list = SENTENCES[part];
  const start = numberOf(key, list.length);
  return Array.from({ length: sentences }, (_, index) => list[(start + index) % list.length]).join(' ');
}

/** A whole number from 0 to below `limit`, the same for the same key. */
export function numberOf(key: string, limit: number): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % limit;
}
