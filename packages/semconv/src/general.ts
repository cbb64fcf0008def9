// General OpenTelemetry attributes that GenAI telemetry leans on: who sent it, where, for whom, and what went
// wrong.

// Resource: which program, which instance.
export const ATTR_SERVICE_NAME = 'service.name';
export const ATTR_SERVICE_NAMESPACE = 'service.namespace';
/** Gemini CLI puts Node's version here. */
export const ATTR_SERVICE_VERSION = 'service.version';
export const ATTR_SERVICE_INSTANCE_ID = 'service.instance.id';
export const ATTR_DEPLOYMENT_ENVIRONMENT_NAME = 'deployment.environment.name';
/** Until v1.26 → `deployment.environment.name`. */
export const ATTR_DEPLOYMENT_ENVIRONMENT = 'deployment.environment';
export const ATTR_TELEMETRY_SDK_NAME = 'telemetry.sdk.name';
export const ATTR_TELEMETRY_SDK_LANGUAGE = 'telemetry.sdk.language';
export const ATTR_TELEMETRY_SDK_VERSION = 'telemetry.sdk.version';
export const ATTR_TELEMETRY_DISTRO_NAME = 'telemetry.distro.name';
export const ATTR_TELEMETRY_DISTRO_VERSION = 'telemetry.distro.version';
export const ATTR_HOST_NAME = 'host.name';
export const ATTR_HOST_ID = 'host.id';
export const ATTR_HOST_ARCH = 'host.arch';
export const ATTR_OS_TYPE = 'os.type';
export const ATTR_OS_VERSION = 'os.version';
export const ATTR_PROCESS_PID = 'process.pid';
export const ATTR_PROCESS_EXECUTABLE_NAME = 'process.executable.name';
export const ATTR_PROCESS_EXECUTABLE_PATH = 'process.executable.path';
export const ATTR_PROCESS_EXIT_CODE = 'process.exit.code';
export const ATTR_PROCESS_RUNTIME_NAME = 'process.runtime.name';
export const ATTR_PROCESS_RUNTIME_VERSION = 'process.runtime.version';
export const ATTR_PROCESS_OWNER = 'process.owner';
/** Content: may hold the prompt. */
export const ATTR_PROCESS_COMMAND = 'process.command';
/** Content: Gemini CLI's holds the prompt. */
export const ATTR_PROCESS_COMMAND_ARGS = 'process.command_args';
/** Content. */
export const ATTR_PROCESS_COMMAND_LINE = 'process.command_line';
export const ATTR_CONTAINER_ID = 'container.id';
export const ATTR_K8S_NAMESPACE_NAME = 'k8s.namespace.name';
export const ATTR_K8S_POD_NAME = 'k8s.pod.name';

// Session, user, tenant candidates.
/** The app's own session: wins over `gen_ai.conversation.id`. Also OpenInference, Langfuse, Claude Code, Gemini CLI. */
export const ATTR_SESSION_ID = 'session.id';
export const ATTR_SESSION_PREVIOUS_ID = 'session.previous_id';
export const ATTR_USER_ID = 'user.id';
export const ATTR_USER_NAME = 'user.name';
export const ATTR_USER_EMAIL = 'user.email';
/** What `user.id` was called until v1.27; both are in use. */
export const ATTR_ENDUSER_ID = 'enduser.id';
export const ATTR_ENDUSER_PSEUDO_ID = 'enduser.pseudo.id';
/** Claude Code. */
export const ATTR_ORGANIZATION_ID = 'organization.id';
/** Not a convention, but often used by hand. */
export const ATTR_TENANT_ID = 'tenant.id';
/** As above; Claude Code users set it through OTEL_RESOURCE_ATTRIBUTES. */
export const ATTR_TEAM_ID = 'team.id';
/** As above. */
export const ATTR_CHAT_ID = 'chat.id';
/** An OS thread number by convention; Codex has the conversation here on `session_task.turn`. */
export const ATTR_THREAD_ID = 'thread.id';
export const ATTR_THREAD_NAME = 'thread.name';
/** Codex logs, VoltAgent. */
export const ATTR_CONVERSATION_ID = 'conversation.id';

// Errors.
/** A class or a code, never a message. */
export const ATTR_ERROR_TYPE = 'error.type';
/** Value of `error.type` where no class of errors is known. */
export const ERROR_TYPE_VALUE_OTHER = '_OTHER';
/** Content. */
export const ATTR_ERROR_MESSAGE = 'error.message';
/** Content. VoltAgent. */
export const ATTR_ERROR_STACK = 'error.stack';
/** Mastra. */
export const ATTR_ERROR_CATEGORY = 'error.category';
/** Mastra. */
export const ATTR_ERROR_DOMAIN = 'error.domain';
export const ATTR_EXCEPTION_TYPE = 'exception.type';
/** Content. */
export const ATTR_EXCEPTION_MESSAGE = 'exception.message';
/** Content. */
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace';
export const ATTR_EXCEPTION_ESCAPED = 'exception.escaped';
export const EVENT_EXCEPTION = 'exception';

// Events as log records. The attribute wins over the record's own event name.
export const ATTR_EVENT_NAME = 'event.name';
export const ATTR_EVENT_DOMAIN = 'event.domain';
/** Claude Code, Codex, Gemini CLI: the time of the record where it has none of its own. */
export const ATTR_EVENT_TIMESTAMP = 'event.timestamp';
/** Codex. */
export const ATTR_EVENT_KIND = 'event.kind';
/** Claude Code; starts at 0 again in each process. */
export const ATTR_EVENT_SEQUENCE = 'event.sequence';

// Network, HTTP, RPC, databases: spans in between that only carry lineage.
export const ATTR_SERVER_ADDRESS = 'server.address';
export const ATTR_SERVER_PORT = 'server.port';
export const ATTR_CLIENT_ADDRESS = 'client.address';
export const ATTR_NETWORK_PROTOCOL_NAME = 'network.protocol.name';
export const ATTR_NETWORK_TRANSPORT = 'network.transport';
export const ATTR_HTTP_REQUEST_METHOD = 'http.request.method';
export const ATTR_HTTP_RESPONSE_STATUS_CODE = 'http.response.status_code';
export const ATTR_HTTP_ROUTE = 'http.route';
/** Until v1.20 → `http.request.method`. */
export const ATTR_HTTP_METHOD = 'http.method';
/** Until v1.20 → `http.response.status_code`. Gemini CLI. */
export const ATTR_HTTP_STATUS_CODE = 'http.status_code';
/** Content. */
export const ATTR_HTTP_URL = 'http.url';
/** Content. */
export const ATTR_HTTP_TARGET = 'http.target';
/** Content. */
export const ATTR_PREFIX_HTTP_REQUEST_HEADER = 'http.request.header.';
/** Content. */
export const ATTR_PREFIX_HTTP_RESPONSE_HEADER = 'http.response.header.';
/** Content. */
export const ATTR_URL_FULL = 'url.full';
export const ATTR_URL_PATH = 'url.path';
/** Content. */
export const ATTR_URL_QUERY = 'url.query';
export const ATTR_URL_SCHEME = 'url.scheme';
export const ATTR_RPC_SYSTEM = 'rpc.system';
export const ATTR_RPC_SERVICE = 'rpc.service';
export const ATTR_RPC_METHOD = 'rpc.method';
export const ATTR_MESSAGING_SYSTEM = 'messaging.system';
export const ATTR_MESSAGING_DESTINATION_NAME = 'messaging.destination.name';
export const ATTR_MESSAGING_OPERATION_TYPE = 'messaging.operation.type';
export const ATTR_DB_SYSTEM_NAME = 'db.system.name';
/** Until v1.29 → `db.system.name`. */
export const ATTR_DB_SYSTEM = 'db.system';
export const ATTR_DB_OPERATION_NAME = 'db.operation.name';
/** Content. */
export const ATTR_DB_QUERY_TEXT = 'db.query.text';
/** Content. Until v1.25 → `db.query.text`. */
export const ATTR_DB_STATEMENT = 'db.statement';
/** Content. */
export const ATTR_PREFIX_DB_QUERY_PARAMETER = 'db.query.parameter.';
/** Content. */
export const ATTR_PREFIX_DB_OPERATION_PARAMETER = 'db.operation.parameter.';
export const ATTR_CODE_FILE_PATH = 'code.file.path';
export const ATTR_CODE_FUNCTION_NAME = 'code.function.name';

// The SDK's own overflow: past its cardinality limit a metric's attributes are replaced by this one.
export const ATTR_OTEL_METRIC_OVERFLOW = 'otel.metric.overflow';
export const ATTR_OTEL_SCOPE_NAME = 'otel.scope.name';
export const ATTR_OTEL_SCOPE_VERSION = 'otel.scope.version';

// Scopes that make only leaves without usage, identity or children: safe to drop unseen. HTTP, RPC and databases
// are not.
export const SCOPE_OPENTELEMETRY_INSTRUMENTATION_FS = '@opentelemetry/instrumentation-fs';
export const SCOPE_OPENTELEMETRY_INSTRUMENTATION_DNS = '@opentelemetry/instrumentation-dns';
export const SCOPE_OPENTELEMETRY_INSTRUMENTATION_NET = '@opentelemetry/instrumentation-net';

// Model Context Protocol (published with the GenAI conventions).
export const ATTR_MCP_METHOD_NAME = 'mcp.method.name';
export const ATTR_MCP_PROTOCOL_VERSION = 'mcp.protocol.version';
export const ATTR_MCP_RESOURCE_URI = 'mcp.resource.uri';
export const ATTR_MCP_SESSION_ID = 'mcp.session.id';
export const ATTR_JSONRPC_REQUEST_ID = 'jsonrpc.request.id';
/** Unit `s`. */
export const METRIC_MCP_CLIENT_OPERATION_DURATION = 'mcp.client.operation.duration';
/** Unit `s`. */
export const METRIC_MCP_CLIENT_SESSION_DURATION = 'mcp.client.session.duration';
/** Unit `s`. */
export const METRIC_MCP_SERVER_OPERATION_DURATION = 'mcp.server.operation.duration';
/** Unit `s`. */
export const METRIC_MCP_SERVER_SESSION_DURATION = 'mcp.server.session.duration';

// What of these is content, joined in content.ts.
export const CONTENT_OF_GENERAL: readonly string[] = [
  ATTR_PROCESS_COMMAND,
  ATTR_PROCESS_COMMAND_ARGS,
  ATTR_PROCESS_COMMAND_LINE,
  ATTR_ERROR_MESSAGE,
  ATTR_ERROR_STACK,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_HTTP_URL,
  ATTR_HTTP_TARGET,
  ATTR_URL_FULL,
  ATTR_URL_QUERY,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_STATEMENT,
];
export const CONTENT_PREFIXES_OF_GENERAL: readonly string[] = [
  ATTR_PREFIX_HTTP_REQUEST_HEADER,
  ATTR_PREFIX_HTTP_RESPONSE_HEADER,
  ATTR_PREFIX_DB_QUERY_PARAMETER,
  ATTR_PREFIX_DB_OPERATION_PARAMETER,
];
