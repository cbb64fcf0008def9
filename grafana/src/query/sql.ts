/**
 * SQL with parts: lines of a part are indented as far as the place where it stands, so that people can read what comes out.
 *
 * sql`WHERE ${'a = 1\nAND b = 2'}` → `WHERE a = 1` and below it `AND b = 2`
 */
export function sql(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  let written = texts[0] ?? '';
  for (const [index, part] of parts.entries()) {
    const line = written.slice(written.lastIndexOf('\n') + 1);
    const indent = line.slice(0, line.length - line.trimStart().length);
    written += `${part}`.replaceAll('\n', `\n${indent}`) + (texts[index + 1] ?? '');
  }
  return written;
}
