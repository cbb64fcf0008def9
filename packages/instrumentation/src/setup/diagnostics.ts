import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api';

/**
 * Without a logger OpenTelemetry is silent, also when it loses everything. Each warning is written once to standard error, and no more than
 * some; an app that sets a logger or `OTEL_LOG_LEVEL` gets what it asked for instead.
 */
export function warnOnStderr(
  env: NodeJS.ProcessEnv = process.env,
  write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): void {
  if (env['OTEL_LOG_LEVEL'] !== undefined) return;
  const sentences = new Set<string>();
  const say = (...said: readonly unknown[]): void => {
    // Loggers of components say their name first.
    const message = said.filter(isSayable).map(plainMessage).join(' ');
    const text = message.length > LINE_CHARS_MAX ? `${message.slice(0, LINE_CHARS_MAX)}…` : message;
    // Numbers and addresses differ from one to the next; the sentence is the same.
    const sentence = text.replaceAll(/\d+/g, '0').slice(0, SAME_CHARS);
    if (sentences.has(sentence) || sentences.size >= LINES_MAX) return;
    sentences.add(sentence);
    write(text.startsWith('turnmeter:') ? text : `turnmeter: ${text}`);
  };
  const logger: DiagLogger = { error: say, warn: say, info: silent, debug: silent, verbose: silent };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}

const silent = (): void => undefined;

const LINES_MAX = 20;
const LINE_CHARS_MAX = 500;
const SAME_CHARS = 80;

function isSayable(said: unknown): boolean {
  return typeof said === 'string' || said instanceof Error;
}

/** The SDK's handler of errors writes them as JSON, stack and all; some exporters pass the error itself, against the types. */
function plainMessage(said: unknown): string {
  if (said instanceof Error) return said.message;
  const text = String(said);
  if (!text.startsWith('{')) return text;
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown };
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}
