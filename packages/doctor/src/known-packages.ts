// All that is known of other people's packages, in one place: which versions are attached, which instrument what, and what was measured to be
// wrong with them. A row is a fact with a range; the checks only apply them.

/** How Turnmeter gets at what a package does. */
export const Attachment = {
  /** Its functions are wrapped when it is loaded, so it must be loaded from `node_modules`, and after the hooks. */
  HOOKS: 'hooks',
  /** It looks for listeners in a global place: no wrapping, works in bundles too. */
  GLOBAL: 'global',
  /** It emits OpenTelemetry itself, which the service reads; instrumenting it again would repeat everything. */
  NATIVE: 'native',
  /** Nothing is attached; calls are recorded by hand. */
  BY_HAND: 'by_hand',
} as const;
export type Attachment = (typeof Attachment)[keyof typeof Attachment];

/** A framework of agents, or a client of models. */
export interface KnownFramework {
  readonly name: string;
  readonly attachment: Attachment;
  /** Versions of which the attachment is known to work. */
  readonly versions: string;
  /** Older versions that nothing attaches to, and whose own telemetry is read where a call asks for it. */
  readonly versionsByCall?: string;
  /** Its ES and CommonJS copies have different classes, so an app that loads both has two of everything. @default false */
  readonly isTwin?: boolean;
  /** How an app says which session a run belongs to; empty where it cannot. */
  readonly session: string;
  /** What a package that emits OpenTelemetry itself needs before it does. */
  readonly needs?: NativeNeeds;
}

export interface NativeNeeds {
  /** Packages without which nothing is exported. */
  readonly packages?: readonly string[];
  /** Settings of the environment, as `NAME=value`. */
  readonly settings?: readonly string[];
}

const SCOPE_SESSION = "withSession({ session: '…', workflow: '…' }, () => …) around the run";
const ATTRIBUTE_SESSION = 'the attribute session.id on its spans';

export const KNOWN_FRAMEWORKS: readonly KnownFramework[] = [
  { name: 'openai', attachment: Attachment.HOOKS, versions: '>=4', isTwin: true, session: SCOPE_SESSION },
  {
    name: '@anthropic-ai/sdk',
    attachment: Attachment.HOOKS,
    versions: '>=0.20',
    isTwin: true,
    session: SCOPE_SESSION,
  },
  { name: '@google/genai', attachment: Attachment.HOOKS, versions: '>=1', isTwin: true, session: SCOPE_SESSION },
  {
    name: '@langchain/core',
    attachment: Attachment.HOOKS,
    versions: '>=0.2',
    isTwin: true,
    session: "graph.invoke(input, { configurable: { thread_id: '…' } })",
  },
  {
    name: '@openai/agents',
    attachment: Attachment.GLOBAL,
    versions: '>=0.1',
    isTwin: true,
    session: "withTrace('workflow', () => run(agent, input), { groupId: '…' })",
  },
  {
    name: 'ai',
    attachment: Attachment.GLOBAL,
    versions: '>=6.0.111',
    versionsByCall: '>=5',
    session: SCOPE_SESSION,
  },
  {
    name: '@mastra/core',
    attachment: Attachment.NATIVE,
    versions: '>=1',
    isTwin: true,
    session: ATTRIBUTE_SESSION,
    needs: { packages: ['@mastra/observability'] },
  },
  { name: '@strands-agents/sdk', attachment: Attachment.NATIVE, versions: '>=1', session: ATTRIBUTE_SESSION },
  {
    name: '@google/adk',
    attachment: Attachment.NATIVE,
    versions: '>=0.2',
    isTwin: true,
    session: "runner.runAsync({ sessionId: '…' })",
  },
  {
    name: '@voltagent/core',
    attachment: Attachment.NATIVE,
    versions: '>=1',
    session: "agent.generateText(input, { conversationId: '…' })",
  },
  { name: 'genkit', attachment: Attachment.NATIVE, versions: '>=1', session: ATTRIBUTE_SESSION },
  {
    name: '@anthropic-ai/claude-agent-sdk',
    attachment: Attachment.NATIVE,
    versions: '>=0.1',
    session: ATTRIBUTE_SESSION,
    needs: { settings: ['CLAUDE_CODE_ENABLE_TELEMETRY=1', 'OTEL_LOGS_EXPORTER=otlp', 'OTEL_METRICS_EXPORTER=otlp'] },
  },
  ...[
    '@inngest/agent-kit',
    'beeai-framework',
    'kaibanjs',
    'llamaindex',
    '@llamaindex/workflow',
    '@mistralai/mistralai',
    'cohere-ai',
    'groq-sdk',
    'ollama',
    'together-ai',
    '@google/generative-ai',
    '@aws-sdk/client-bedrock-runtime',
    '@azure-rest/ai-inference',
  ].map((name) => ({ name, attachment: Attachment.BY_HAND, versions: '*', session: SCOPE_SESSION })),
];

/** Something that wraps frameworks or clients and reports them. */
export interface KnownInstrumentation {
  /** Name of the package; one that ends in `*` is the beginning of several. */
  readonly name: string;
  /** What it wraps, where its own files do not say so. */
  readonly targets?: readonly string[];
  readonly faults?: readonly KnownFault[];
}

/** What an instrumentation was measured to do wrong. */
export interface KnownFault {
  /** Versions of the instrumentation that were measured; of others nothing is claimed. */
  readonly versions: string;
  /** The fault shows only where this is installed, too. */
  readonly target: string;
  readonly losesData: boolean;
  /** Ends the sentence "<instrumentation> …". */
  readonly what: string;
}

export const KNOWN_INSTRUMENTATIONS: readonly KnownInstrumentation[] = [
  { name: '@opentelemetry/instrumentation-openai' },
  {
    name: '@traceloop/instrumentation-openai',
    faults: [
      {
        versions: '<=0.27',
        target: 'openai',
        losesData: false,
        what: 'estimates the tokens of streamed chat completions and reports none for streamed responses',
      },
    ],
  },
  {
    name: '@traceloop/instrumentation-langchain',
    faults: [
      {
        versions: '<=0.27',
        target: '@langchain/core',
        losesData: false,
        what: 'reports neither agents nor which span is below which, so turns and agents cannot be told',
      },
    ],
  },
  { name: '@traceloop/instrumentation-*' },
  {
    name: '@arizeai/openinference-instrumentation-openai',
    faults: [
      {
        versions: '<=4.2.7',
        target: 'openai',
        losesData: false,
        what: 'reports no tokens for streamed chat completions',
      },
    ],
  },
  {
    name: '@arizeai/openinference-instrumentation-openai-agents',
    faults: [
      {
        versions: '<=0.2.15',
        target: '@openai/agents',
        losesData: false,
        what: 'leaves the groupId out, so runs of one session cannot be told to be one',
      },
    ],
  },
  {
    name: '@arizeai/openinference-instrumentation-claude-agent-sdk',
    faults: [
      {
        versions: '*',
        target: '@anthropic-ai/claude-agent-sdk',
        losesData: false,
        what: 'reports the main agent only and no cached tokens: about a third of what is used',
      },
    ],
  },
  { name: '@arizeai/openinference-instrumentation-*' },
  {
    name: 'openlit',
    faults: [
      {
        versions: '<=1.15',
        target: '@openai/agents',
        losesData: true,
        what: 'replaces every other trace processor of @openai/agents and loses its model calls with all their tokens',
      },
      {
        versions: '<=1.15',
        target: '@langchain/langgraph',
        losesData: false,
        what: 'estimates input tokens from the prompt’s text instead of reading what the provider reports',
      },
    ],
  },
  { name: '@langfuse/openai', targets: ['openai'] },
  { name: '@langfuse/langchain', targets: ['@langchain/core'] },
  { name: 'langfuse-langchain', targets: ['@langchain/core'] },
  { name: '@ai-sdk/otel', targets: ['ai'] },
  { name: '@sentry/node', targets: ['openai', '@anthropic-ai/sdk', '@google/genai', '@langchain/core', 'ai'] },
  { name: '@lmnr-ai/lmnr', targets: ['openai', '@anthropic-ai/sdk', '@google/genai', '@langchain/core', 'ai'] },
];

/** Ours. */
export const TURNMETER = '@turnmeter/instrumentation';

/** Modules that set OpenTelemetry up when they are preloaded. */
export const REGISTERING_MODULES: readonly string[] = [
  `${TURNMETER}/register`,
  '@opentelemetry/auto-instrumentations-node/register',
  'openlit/register',
  '@sentry/node/preload',
];

/** How sources set a provider up. */
export const SETUP_CALLS: readonly RegExp[] = [
  /\bnew NodeSDK\s*\(/,
  /\bstartNodeS(?:DK|dk)\s*\(/,
  /\bnew NodeTracerProvider\s*\(/,
  /\bsetGlobalTracerProvider\s*\(/,
  /\bregisterOTel\s*\(/,
  /\b[Tt]raceloop\.initialize\s*\(/,
  /\b[Oo]pen[Ll]it\.init\s*\(/,
  /\bLaminar\.initialize\s*\(/,
  /\bSentry\.init\s*\(/,
  /\blogfire\.configure\s*\(/,
  /\bsetupTracer\s*\(/, // @strands-agents/sdk
  /\bmaybeSetOtelProviders\s*\(/, // @google/adk
  /\bnew Observability\s*\(/, // @mastra/observability
  /\bnew VoltAgentObservability\s*\(/,
  /\benable(?:Firebase|GoogleCloud)Telemetry\s*\(/, // genkit
  /['"]@turnmeter\/instrumentation\/register['"]/,
];

/** Packages that only ask the API which span is current, and lose nothing but that where they are not heard. */
export const API_READERS: ReadonlySet<string> = new Set(['prom-client']);

/** Packages whose copy of the API is the one that is registered. */
export const SDK_PACKAGES: ReadonlySet<string> = new Set([
  '@opentelemetry/sdk-node',
  '@opentelemetry/sdk-trace',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/sdk-trace-node',
  '@vercel/otel',
]);

/** The facts about a framework or client, if there are any. */
export function frameworkNamed(name: string): KnownFramework | undefined {
  return FRAMEWORKS.get(name);
}

const FRAMEWORKS: ReadonlyMap<string, KnownFramework> = new Map(KNOWN_FRAMEWORKS.map((known) => [known.name, known]));

/** The facts about an instrumentation, the most special ones; undefined for what is none. */
export function instrumentationNamed(name: string): KnownInstrumentation | undefined {
  return (
    KNOWN_INSTRUMENTATIONS.find((known) => known.name === name) ??
    KNOWN_INSTRUMENTATIONS.find((known) => known.name.endsWith('*') && name.startsWith(known.name.slice(0, -1)))
  );
}
