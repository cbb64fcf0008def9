// Group chats that real frameworks recorded, read from the package's `demo` folder.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** OTLP/JSON as far as the demo has to know it. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly object[];
  readonly events?: readonly { readonly timeUnixNano: string }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

export interface OtlpScopeSpans {
  readonly scope?: object;
  readonly spans: readonly OtlpSpan[];
}

/** A span with who wrote it. */
export interface RecordedSpan {
  readonly resource: object;
  readonly scope: object;
  readonly span: OtlpSpan;
}

/** One group chat of one framework. */
export interface RecordedChat {
  /** Name of the recording: `mastra-native-otelexporter`. */
  readonly file: string;
  readonly framework: string;
  readonly workflow: string;
  /** The session id in it: `sess-a`. */
  readonly session: string;
  readonly spans: readonly RecordedSpan[];
}

const RECORDINGS: readonly { readonly file: string; readonly framework: string; readonly workflow: string }[] = [
  { file: 'adk-native', framework: 'Google ADK', workflow: 'handoff-swarm' },
  { file: 'ai6-native-chat', framework: 'AI SDK 6', workflow: 'handoff-swarm' },
  { file: 'ai7-openinference-vercel', framework: 'AI SDK 7', workflow: 'handoff-swarm' },
  { file: 'strands-native-chat', framework: 'Strands', workflow: 'handoff-swarm' },
  { file: 'handwritten-openinference-responses', framework: 'OpenInference', workflow: 'managed-group-chat' },
  { file: 'handwritten-langfuse-chat', framework: 'Langfuse', workflow: 'managed-group-chat' },
  { file: 'mastra-native-otelexporter', framework: 'Mastra', workflow: 'supervised-team' },
  { file: 'voltagent-native', framework: 'VoltAgent', workflow: 'supervised-team' },
];

/** All chats, each framework's one behind the other. */
export function readRecordings(): readonly RecordedChat[] {
  return RECORDINGS.flatMap(({ file, framework, workflow }) => {
    // Two levels up from `src/cli` and from `dist/cli` alike.
    const bytes = readFileSync(new URL(`../../../demo/${file}.json.gz`, import.meta.url));
    const request = JSON.parse(gunzipSync(bytes).toString('utf8')) as {
      readonly resourceSpans: readonly { readonly resource: object; readonly scopeSpans: readonly OtlpScopeSpans[] }[];
    };
    const spans = request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope = {}, spans: ofScope }) => ofScope.map((span) => ({ resource, scope, span }))),
    );
    return [...chatsIn(spans)].map(([session, ofChat]) => ({ file, framework, workflow, session, spans: ofChat }));
  });
}

/** The app of all recordings called its sessions so, and wrote the name on at least one span of each trace. */
const SESSION = /sess-[abc]/;

function chatsIn(spans: readonly RecordedSpan[]): ReadonlyMap<string, readonly RecordedSpan[]> {
  const sessions = new Map<string, string>();
  for (const { span } of spans) {
    const session = SESSION.exec(JSON.stringify(span))?.[0];
    if (session !== undefined) sessions.set(span.traceId, session);
  }
  return Map.groupBy(
    spans.filter(({ span }) => sessions.has(span.traceId)),
    ({ span }) => sessions.get(span.traceId) ?? '',
  );
}
