// Patterns of operators are anchored globs and nothing more: `*` any text, `?` one character. They take time proportional to
// pattern times name whatever either holds, and whether two of them can meet is decidable, which conflicts are found by.
// Regular expressions offer neither.

/** Whether a name in lower case fits a pattern in lower case, from its first to its last character. */
export function globMatches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let retryAt = 0;
  let next = 0;
  while (at < name.length) {
    if (pattern[next] === '*') {
      star = next;
      retryAt = at;
      next += 1;
    } else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === name[at])) {
      next += 1;
      at += 1;
    } else if (star >= 0) {
      // The last star takes one character more.
      retryAt += 1;
      at = retryAt;
      next = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[next] === '*') {
    next += 1;
  }
  return next === pattern.length;
}

/** Whether there is a name that fits both patterns. */
export function globsIntersect(a: string, b: string): boolean {
  const others = b.split('');
  // row[j]: some text fits both the characters of `a` so far and the first j of `b`. Before any of `a`, that is the empty text.
  let row = [true];
  for (const [j, other] of others.entries()) {
    row.push(other === '*' && row[j] === true);
  }
  for (const character of a.split('')) {
    const above = row;
    row = [character === '*' && above[0] === true];
    for (const [j, other] of others.entries()) {
      const isMet =
        character === '*' || other === '*'
          ? above[j + 1] === true || row[j] === true
          : above[j] === true && (character === other || character === '?' || other === '?');
      row.push(isMet);
    }
  }
  return row.at(-1) === true;
}

/** Literal characters of a pattern: the more, the more specific. */
export function literalLength(pattern: string): number {
  return pattern.replaceAll(/[*?]/g, '').length;
}

/** Whether a pattern is a plain name. */
export function isLiteral(pattern: string): boolean {
  return !/[*?]/.test(pattern);
}
