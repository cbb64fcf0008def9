// Chat completions that are streamed report tokens only when they are asked to: `stream_options: { include_usage: true }`.

import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import { type App, copiesOf } from '../app/app.ts';
import { insideParentheses, lineAt, outermostObject } from '../app/blank-comments.ts';
import type { SourceFile } from '../app/sources.ts';

/** `client.chat.completions.create(`, `.stream(`, also over `beta.`. */
const CALL = /\bchat\s*\.\s*completions\s*\.\s*(create|stream)\s*\(/g;
/** The longest list of messages that somebody writes into a call. */
const CALL_LENGTH_MAX = 20_000;

export const streamUsage: Check<App> = {
  name: 'stream-usage',
  run: (app) => {
    if (copiesOf(app, 'openai').length === 0 || isAskedFor(app)) return [];
    const places = app.sources.files.flatMap(streamsIn);
    if (places.length === 0) return [];
    return [
      {
        severity: Severity.WRONG_FIGURES,
        found: `${places.length === 1 ? 'a stream' : `${places.length} streams`} of chat completions without usage`,
        where: places.slice(0, 20),
        why: 'The provider sends the tokens of a stream only when it is asked to, so these calls are counted without tokens and without cost.',
        fix: [
          'stream_options: { include_usage: true }  beside  stream: true',
          'or let the instrumentation ask: TURNMETER_REQUEST_STREAM_USAGE=true',
        ],
        isHeuristic: true,
      },
    ];
  },
};

/** The instrumentation asks in the app's place, where it may. */
function isAskedFor({ settings, sources }: App): boolean {
  return (
    settings.get('TURNMETER_REQUEST_STREAM_USAGE')?.value === 'true' ||
    sources.files.some(({ code }) => /\brequestStreamUsage\s*:\s*true\b/.test(code))
  );
}

function streamsIn({ name, code }: SourceFile): readonly string[] {
  return [...code.matchAll(CALL)].flatMap((match) => {
    const call = insideParentheses(code, match.index + match[0].length - 1, CALL_LENGTH_MAX);
    const own = outermostObject(call);
    const isStream = match[1] === 'stream' || /\bstream\s*:\s*true\b/.test(own);
    // What is spread into the options, or made elsewhere, may hold it.
    const isUnknown = /\bstream_options\b|\.\.\./.test(own) || !own.includes('{');
    return isStream && !isUnknown ? [`${name}:${lineAt(code, match.index)}`] : [];
  });
}
