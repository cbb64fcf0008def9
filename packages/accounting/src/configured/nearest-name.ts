// Finds the name that somebody most likely meant.

/** More edits than this are another word. */
const EDITS_MAX = 3;
/** Longer words are not compared: the work grows with the square (characters). */
const LENGTH_MAX = 64;

/** The known name with the fewest edits from the given one; undefined when none is near. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  if (given.length > LENGTH_MAX) return undefined;
  let nearest: string | undefined;
  let fewest = Math.min(EDITS_MAX, Math.ceil(given.length / 2)) + 1;
  for (const name of known) {
    const edits = editsBetween(given.toLowerCase(), name);
    if (edits < fewest) [fewest, nearest] = [edits, name];
  }
  return nearest;
}

/** Levenshtein's distance. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
