/** A program with its comments blanked out, so that offsets and lines stay. Strings and templates are left as they are. */
export function blankComments(text: string): string {
  return text.replaceAll(PIECES, (piece) =>
    piece.startsWith('/*') || piece.startsWith('//') ? piece.replaceAll(/[^\n]/g, ' ') : piece,
  );
}

/** A string, a template or a comment, whichever begins first. A regular expression that holds a quote may confuse it for a line. */
const PIECES = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** Line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Text between a parenthesis and the one that closes it; cut after `lengthMax` where none does. Strings are passed over. */
export function insideParentheses(text: string, open: number, lengthMax: number): string {
  let depth = 0;
  const piece = new RegExp(`${PIECES.source}|[()]`, 'g');
  piece.lastIndex = open;
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    if (match.index - open > lengthMax) break;
    if (match[0] === '(') depth++;
    else if (match[0] === ')' && --depth === 0) return text.slice(open + 1, match.index);
  }
  return text.slice(open + 1, open + lengthMax);
}

/** What stands in an object itself and not in lists, objects and calls inside of it: `{ a: [b], c }` → `{ a: [], c }`. */
export function outermostObject(text: string): string {
  let depth = 0;
  return text.replaceAll(new RegExp(`${PIECES.source}|[()[\\]{}]|[^()[\\]{}"'\`/]+|.`, 'gs'), (piece) => {
    if (/^[)\]}]$/.test(piece)) depth--;
    const isShown = depth <= 1;
    if (/^[([{]$/.test(piece)) depth++;
    return isShown ? piece : '';
  });
}
