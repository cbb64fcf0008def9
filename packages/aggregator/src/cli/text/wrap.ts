import stringWidth from 'string-width';

/** Narrower, and every word has a line of its own. */
const WRAP_WIDTH_MIN = 20;

/** Breaks a text into lines at its spaces. A word that is longer than a line stays whole. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(WRAP_WIDTH_MIN, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && stringWidth(line) + 1 + stringWidth(word) > room) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
