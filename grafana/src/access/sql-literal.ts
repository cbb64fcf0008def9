/**
 * Any text as a string literal of ClickHouse's SQL: `it's ${x}` → `'it\x27s \x24\x7Bx\x7D'`.
 *
 * Everything but letters, digits and a few signs is written as the bytes it has. Nothing is left that ends a literal, that XML has an entity for, or that
 * ClickHouse's configuration would replace (`${…}` in any of its values is the value of another).
 */
export function sqlLiteral(text: string): string {
  const bytes = [...Buffer.from(text, 'utf8')];
  return `'${bytes.map((byte) => (PLAIN.test(String.fromCodePoint(byte)) ? String.fromCodePoint(byte) : hexadecimal(byte))).join('')}'`;
}

const PLAIN = /^[A-Za-z0-9_.@ -]$/;

function hexadecimal(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`;
}
