/** A string literal of SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`).replaceAll('\0', String.raw`\0`)}'`;
}

/** A string literal of SQL for bytes that may be no text: what is not valid UTF-8 is written as `\xFF`. */
export function quoteBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const decoded = text.toString('utf8');
  if (!decoded.includes('\uFFFD') || Buffer.from(decoded, 'utf8').equals(text)) return quoteText(decoded);
  const escaped = Array.from(bytes, (byte) => String.raw`\x` + byte.toString(16).padStart(2, '0'));
  return `'${escaped.join('')}'`;
}

/** A name of SQL, whatever is in it. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll(/[`\\]/g, String.raw`\$&`)}\``;
}

/** Whether the text is a name that needs no quotes; settings and query parameters have no other. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}
