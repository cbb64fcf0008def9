// Runs that name no session cannot be put together: each is one of its own, and a chat over several requests is never one.

import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import { type App, copiesOf } from '../app/app.ts';
import { KNOWN_FRAMEWORKS } from '../known-packages.ts';

/** How apps call the id of a chat where they hand it to a framework, a span or us. */
const NAMES_SESSION =
  /\b(?:conversation_?[iI]d|session_?[iI]d|thread_?[iI]d|chat_?[iI]d|groupId|groupChat|wrapGroupChat|TokenManager|createTurnHooks|withSession)\b|\b(?:session|conversation)\.id\b/;

export const sessionId: Check<App> = {
  name: 'session-id',
  run: (app) => {
    const used = KNOWN_FRAMEWORKS.filter(
      ({ name, session }) => session !== '' && copiesOf(app, name).some(({ broughtBy }) => broughtBy.length === 0),
    );
    if (used.length === 0 || app.sources.files.length === 0) return [];
    if (app.settings.get('TURNMETER_SESSION') !== undefined) return [];
    if (app.sources.files.some(({ code }) => NAMES_SESSION.test(code))) return [];
    const ways = new Map(used.map(({ name, session }) => [session, name]));
    return [
      {
        severity: Severity.ADVICE,
        found: 'nothing in the sources names a session, conversation or thread',
        why: 'Each run is then a session of its own, calls outside of a run belong to none, and averages are of runs instead of chats.',
        fix: [...ways].map(([session, name]) => `${name}: ${session}`),
        isHeuristic: true,
      },
    ];
  },
};
