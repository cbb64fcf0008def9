const BAR_WIDTH = 10;
/** From an eighth of a column to a whole one. */
const BLOCKS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/** A part of a whole, to be seen at a glance: ` 62 % ██████▎`. */
export function shareBar(share: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH * 8);
  const bar = '█'.repeat(Math.floor(eighths / 8)) + (BLOCKS[eighths % 8] ?? '');
  return `${String(Math.round(share * 100)).padStart(3)} % ${bar}`.trimEnd();
}
