// Names come from telemetry, so from anybody: what could move the cursor, color the screen, or make one name look like another is
// shown as an escape.

import stringWidth from 'string-width';

/** Longer names are cut where people read them; `--json` has them whole. */
export const SHOWN_WIDTH_MAX = 120;

/**
 * Control and format characters, lone surrogates, line separators: "\n", ESC, U+202E (which reverses what follows), U+200B, U+E0041.
 * A zero-width joiner inside an emoji is part of it.
 */
const UNSHOWABLE =
  /(?!(?<=\p{Extended_Pictographic}(?:\u{fe0f}|\p{Emoji_Modifier})?)\u{200d})[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
};

/** A text of unknown origin as it can be shown on one line: `a\nb`, `\x1b[31m`, `\u{202e}`; at most `widthMax` columns wide. */
export function shown(text: string, widthMax: number = SHOWN_WIDTH_MAX): string {
  // No character takes less than nothing and few take nothing, so what is far past the limit need not be looked at.
  const head = text.length > widthMax * 8 ? text.slice(0, widthMax * 8) : text;
  return cut(head.replaceAll(UNSHOWABLE, escapeOf), widthMax, head.length < text.length);
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT_ESCAPES[character] ?? (code < 0x1_00 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts a text to a width in columns and says so with an ellipsis. */
export function cut(text: string, widthMax: number, isCutAlready: boolean = false): string {
  if (!isCutAlready && stringWidth(text) <= widthMax) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = stringWidth(segment);
    if (width + next > widthMax - 1) break;
    kept += segment;
    width += next;
  }
  return `${kept}…`;
}
