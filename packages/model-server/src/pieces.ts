const WORDS_PER_PIECE = 4;

/**
 * Cuts a text into the pieces of a stream, which joined are the text again. Pieces end at the end of words, and never within
 * a character.
 */
export function piecesOf(text: string, count?: number): readonly string[] {
  if (text === '') return [];
  const words = text.match(/\s*\S+\s*?(?=\s|$)|\s+$/gu) ?? [text];
  const units = count !== undefined && words.length < count ? Array.from(text) : words;
  const size = count === undefined ? WORDS_PER_PIECE : Math.max(1, Math.ceil(units.length / count));
  return Array.from({ length: Math.ceil(units.length / size) }, (_, index) =>
    units.slice(index * size, (index + 1) * size).join(''),
  );
}
