import type { AlertMeasure, MeasureFacts } from '../../alert/measures.ts';

/** What can be measured, a line each, for the help. */
export function listMeasures(measures: Readonly<Record<AlertMeasure, MeasureFacts>>): string {
  const width = Math.max(...Object.keys(measures).map(({ length }) => length));
  return Object.entries(measures)
    .map(([name, { isWindowed, meaning }]) => `  ${name.padEnd(width)}  ${meaning}${isWindowed ? ' (--window)' : ''}`)
    .join('\n');
}
