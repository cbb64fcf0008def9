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
  /** A short one, for session ids: `mastra`. */
  readonly name: string;
  readonly framework: string;
  readonly workflow: string;
  /** Of the workflow; undefined where its chats name none. */
  readonly version?: string;
  /** The session id in it: `sess-a`. */
  readonly session: string;
  readonly spans: readonly RecordedSpan[];
}

type Recording = Pick<RecordedChat, 'file' | 'name' | 'framework' | 'workflow' | 'version'>;

const RECORDINGS: readonly Recording[] = [
  { file: 'adk-native', name: 'adk', framework: 'Google ADK', workflow: 'handoff-swarm' },
  { file: 'ai6-native-chat', name: 'ai6', framework: 'AI SDK 6', workflow: 'handoff-swarm' },
  { file: 'ai7-openinference-vercel', name: 'ai7', framework: 'AI SDK 7', workflow: 'handoff-swarm' },
  { file: 'strands-native-chat', name: 'strands', framework: 'Strands', workflow: 'handoff-swarm' },
  {
    file: 'handwritten-openinference-responses',
    name: 'openinference',
    framework: 'OpenInference',
    workflow: 'managed-group-chat',
    version: '1.0',
  },
  {
    file: 'handwritten-langfuse-chat',
    name: 'langfuse',
    framework: 'Langfuse',
    workflow: 'managed-group-chat',
    version: '1.1',
  },
  { file: 'mastra-native-otelexporter', name: 'mastra', framework: 'Mastra', workflow: 'supervised-team' },
  { file: 'voltagent-native', name: 'voltagent', framework: 'VoltAgent', workflow: 'supervised-team' },
];

/** All chats, each framework's one behind the other. */
export function readRecordings(): readonly RecordedChat[] {
  return RECORDINGS.flatMap((recording) => {
    // Three levels up from `src/cli/demo` and from `dist/cli/demo` alike.
    const bytes = readFileSync(new URL(`../../../demo/${recording.file}.json.gz`, import.meta.url));
    const request = JSON.parse(gunzipSync(bytes).toString('utf8')) as {
      readonly resourceSpans: readonly { readonly resource: object; readonly scopeSpans: readonly OtlpScopeSpans[] }[];
    };
    const spans = request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope = {}, spans: ofScope }) => ofScope.map((span) => ({ resource, scope, span }))),
    );
    return [...chatsIn(spans)].map(([session, ofChat]) => ({ ...recording, session, spans: ofChat }));
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
