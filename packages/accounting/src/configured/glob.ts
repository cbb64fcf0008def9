// Patterns with `*`, matched in time that grows with the text alone: patterns and texts come from different people.

export type Matcher = (text: string) => boolean;

/** `acme.*` matches what begins so, `*llm*` what has it inside; without a star only the text itself matches. */
export function globMatcher(pattern: string): Matcher {
  const parts = pattern.split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return (text) => text === pattern;
  const last = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    const end = text.length - last.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
