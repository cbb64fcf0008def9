// Bars and lines of block characters. Libraries for charts draw them over many rows; these stand within one, beside their figures.

/** From an eighth of a column to a whole one. */
const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A share of a width: `██████▎`. What is not nothing shows. */
export function bar(share: number, width: number): string {
  const wanted = Math.round(clamp(share) * width * 8);
  const eighths = share > 0 ? Math.max(1, wanted) : 0;
  return '█'.repeat(Math.floor(eighths / 8)) + (PARTS[eighths % 8] ?? '');
}

/** Values in a row, the largest as high as it gets: `▁▂█▁`; a space where there is nothing. */
export function sparkline(values: readonly number[]): string {
  const max = values.reduce((most, value) => Math.max(most, value), 0);
  return values
    .map((value) => (value <= 0 ? ' ' : (HEIGHTS[Math.min(7, Math.floor((value / max) * 8))] ?? '█')))
    .join('');
}

/** An interval on a scale from 0 to 1: `    ├──●────┤  `. */
export function intervalLine(
  interval: { readonly low: number; readonly mid: number; readonly high: number },
  width: number,
): string {
  const placeOf = (share: number): number => Math.round(clamp(share) * (width - 1));
  const [low, mid, high] = [placeOf(interval.low), placeOf(interval.mid), placeOf(interval.high)];
  return Array.from({ length: width }, (_, at) => {
    if (at === mid) return '●';
    if (at === low) return '├';
    if (at === high) return '┤';
    return at > low && at < high ? '─' : ' ';
  })
    .join('')
    .trimEnd();
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
