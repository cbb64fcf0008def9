import { bar } from '../text/charts.ts';

const BAR_WIDTH = 10;

/** A part of a whole, to be seen at a glance: ` 62 % ██████▎`. */
export function shareBar(share: number): string {
  return `${String(Math.round(share * 100)).padStart(3)} % ${bar(share, BAR_WIDTH)}`.trimEnd();
}
