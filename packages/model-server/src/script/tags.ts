import type { RequestContent } from './request.ts';

/** Who speaks, as the request itself says. */
export interface Speaker {
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
}

// Sample: "You write plainly. [agent:Writer] [session:s-1]"
const AGENT_TAG = /\[agent:\s*([^\][\n]{1,200}?)\s*\]/u;
const SESSION_TAG = /\[session:\s*([^\][\n]{1,200}?)\s*\]/u;

/**
 * Reads the tags of a request. Only the system prompt and the first user message are looked at: later messages quote what
 * other agents said. The system prompt wins, since it is the agent's own where agents share one conversation.
 */
export function readTags(content: RequestContent): Speaker {
  const places = [content.system, content.messages.find(({ role }) => role === 'user')?.text ?? ''];
  return { agent: firstTag(AGENT_TAG, places), session: firstTag(SESSION_TAG, places) };
}

/** A text without tags, for answers that quote it. */
export function withoutTags(text: string): string {
  return text.replace(AGENT_TAG, '').replace(SESSION_TAG, '').replaceAll(/\s+/gu, ' ').trim();
}

function firstTag(tag: RegExp, places: readonly string[]): string | undefined {
  for (const place of places) {
    const found = tag.exec(place)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
