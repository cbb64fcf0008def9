import type { Content, ResolvedConfig } from '../config.ts';

/** A value as the text of an attribute: JSON, redacted, cut. Undefined where content is off or was redacted away. */
export function contentText(
  kind: Content['kind'],
  value: unknown,
  { captureContent, contentLengthMax, redact }: ResolvedConfig,
): string | undefined {
  if (!captureContent || value === undefined) return undefined;
  try {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    // Redaction sees the whole text: half a secret at the cut is not recognized.
    const shown = redact === undefined ? text : redact({ kind, text });
    return shown === undefined || shown.length <= contentLengthMax ? shown : `${shown.slice(0, contentLengthMax)}…`;
  } catch {
    // Not JSON (cycles, bigint), or the app's redaction failed: then nothing is shown.
    return undefined;
  }
}
