// The closed value sets of the GenAI conventions. Providers and operations are open on the wire: these are the
// published ones.

/** Published values of `gen_ai.operation.name`. */
export const GenAiOperation = {
  CHAT: 'chat',
  GENERATE_CONTENT: 'generate_content',
  TEXT_COMPLETION: 'text_completion',
  EMBEDDINGS: 'embeddings',
  RETRIEVAL: 'retrieval',
  /** Asks again for an answer already generated: its usage must not be counted. */
  FETCH_RESPONSE: 'fetch_response',
  CREATE_AGENT: 'create_agent',
  INVOKE_AGENT: 'invoke_agent',
  EXECUTE_TOOL: 'execute_tool',
  INVOKE_WORKFLOW: 'invoke_workflow',
  PLAN: 'plan',
  SEARCH_MEMORY: 'search_memory',
  CREATE_MEMORY: 'create_memory',
  UPDATE_MEMORY: 'update_memory',
  UPSERT_MEMORY: 'upsert_memory',
  DELETE_MEMORY: 'delete_memory',
  CREATE_MEMORY_STORE: 'create_memory_store',
  DELETE_MEMORY_STORE: 'delete_memory_store',
} as const;
/** @see {@link GenAiOperation} */
export type GenAiOperation = (typeof GenAiOperation)[keyof typeof GenAiOperation];

/** Operations seen on the wire that no convention has. */
export const GenAiOperationUnpublished = {
  /** AI SDK 7, Mastra. */
  AGENT_STEP: 'agent_step',
  /** AI SDK 7. */
  RERANK: 'rerank',
  /** AG2 0.x. */
  CONVERSATION: 'conversation',
  INITIATE_CHATS: 'initiate_chats',
  SPEAKER_SELECTION: 'speaker_selection',
  CODE_EXECUTION: 'code_execution',
  /** AG2 0.x and 1.x. */
  AWAIT_HUMAN_INPUT: 'await_human_input',
  /** CrewAI, OpenLLMetry. */
  EXECUTE_TASK: 'execute_task',
  /** LangSmith, on LangGraph nodes. */
  CHAIN: 'chain',
  /** Strands. */
  EXECUTE_EVENT_LOOP_CYCLE: 'execute_event_loop_cycle',
  EXECUTE_NODE: 'execute_node',
  INVOKE_SWARM: 'invoke_swarm',
  /** Mastra 1.x: the parent of its `chat`, without usage. */
  MODEL_GENERATION: 'model_generation',
  MODEL_CHUNK: 'model_chunk',
  MAPPING: 'mapping',
  /** OpenLLMetry's LangChain, on chains. */
  WORKFLOW: 'workflow',
  /** LiteLLM v1 and its proxy. */
  COMPLETION: 'completion',
  ACOMPLETION: 'acompletion',
  RESPONSES: 'responses',
  ARESPONSES: 'aresponses',
  ANTHROPIC_MESSAGES: 'anthropic_messages',
  EMBEDDING: 'embedding',
  AEMBEDDING: 'aembedding',
  ATEXT_COMPLETION: 'atext_completion',
  /** Grafana's agento11y. */
  GENERATE_TEXT: 'generateText',
  STREAM_TEXT: 'streamText',
} as const;
/** @see {@link GenAiOperationUnpublished} */
export type GenAiOperationUnpublished = (typeof GenAiOperationUnpublished)[keyof typeof GenAiOperationUnpublished];

/** Published values of `gen_ai.provider.name`. */
export const GenAiProvider = {
  OPENAI: 'openai',
  GCP_GEN_AI: 'gcp.gen_ai',
  GCP_VERTEX_AI: 'gcp.vertex_ai',
  GCP_GEMINI: 'gcp.gemini',
  ANTHROPIC: 'anthropic',
  COHERE: 'cohere',
  AZURE_AI_INFERENCE: 'azure.ai.inference',
  AZURE_AI_OPENAI: 'azure.ai.openai',
  IBM_WATSONX_AI: 'ibm.watsonx.ai',
  AWS_BEDROCK: 'aws.bedrock',
  PERPLEXITY: 'perplexity',
  X_AI: 'x_ai',
  DEEPSEEK: 'deepseek',
  GROQ: 'groq',
  MISTRAL_AI: 'mistral_ai',
  MOONSHOT_AI: 'moonshot_ai',
} as const;
/** @see {@link GenAiProvider} */
export type GenAiProvider = (typeof GenAiProvider)[keyof typeof GenAiProvider];

/** Values of `gen_ai.system` (until v1.36) that `gen_ai.provider.name` spells otherwise. */
export const GenAiSystem = {
  /** Until v1.32, now `gcp.vertex_ai`. */
  VERTEX_AI: 'vertex_ai',
  /** Until v1.32, now `gcp.gemini`. */
  GEMINI: 'gemini',
  /** Until v1.34, now `azure.ai.inference`. */
  AZ_AI_INFERENCE: 'az.ai.inference',
  /** Until v1.34, now `azure.ai.openai`. */
  AZ_AI_OPENAI: 'az.ai.openai',
  /** Now `x_ai`. */
  XAI: 'xai',
} as const;
/** @see {@link GenAiSystem} */
export type GenAiSystem = (typeof GenAiSystem)[keyof typeof GenAiSystem];

/** What frameworks and gateways write into `gen_ai.system` or `gen_ai.provider.name`: not who is paid. */
export const GenAiProviderFramework = {
  /** AG2's own spans under OpenLIT. */
  AG2: 'ag2',
  AUTOGEN: 'autogen',
  CREWAI: 'crewai',
  /** Google ADK. */
  GCP_VERTEX_AGENT: 'gcp.vertex.agent',
  LANGCHAIN: 'langchain',
  LITELLM: 'litellm',
  /** MS Agent Framework, where the chat client names no provider. */
  MICROSOFT_AGENT_FRAMEWORK: 'microsoft.agent_framework',
  STRANDS_AGENTS: 'strands-agents',
} as const;
/** @see {@link GenAiProviderFramework} */
export type GenAiProviderFramework = (typeof GenAiProviderFramework)[keyof typeof GenAiProviderFramework];

/** Published values of `gen_ai.output.type`. */
export const GenAiOutputType = { TEXT: 'text', JSON: 'json', IMAGE: 'image', SPEECH: 'speech' } as const;
/** @see {@link GenAiOutputType} */
export type GenAiOutputType = (typeof GenAiOutputType)[keyof typeof GenAiOutputType];

/** Published values of `gen_ai.response.status`. */
export const GenAiResponseStatus = {
  QUEUED: 'queued',
  IN_PROGRESS: 'in_progress',
  COMPLETED: 'completed',
  INCOMPLETE: 'incomplete',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
} as const;
/** @see {@link GenAiResponseStatus} */
export type GenAiResponseStatus = (typeof GenAiResponseStatus)[keyof typeof GenAiResponseStatus];

/** Published values of `gen_ai.token.modality`. */
export const GenAiTokenModality = { TEXT: 'text', IMAGE: 'image', AUDIO: 'audio', UNKNOWN: 'unknown' } as const;
/** @see {@link GenAiTokenModality} */
export type GenAiTokenModality = (typeof GenAiTokenModality)[keyof typeof GenAiTokenModality];

/** Values of `gen_ai.token.type`, the dimension of the removed histogram `gen_ai.client.token.usage`. */
export const GenAiTokenType = { INPUT: 'input', OUTPUT: 'output' } as const;
/** @see {@link GenAiTokenType} */
export type GenAiTokenType = (typeof GenAiTokenType)[keyof typeof GenAiTokenType];
