import { describe, expect, it } from 'vitest';
import { bar, intervalLine, sparkline } from '../../../src/cli/text/charts.ts';

describe('bar', () => {
  it('is as long as the share, to an eighth of a column, and never empty for what is not nothing', () => {
    expect(bar(0.5, 4)).toBe('██');
    // 0.3 of four columns is 9.6 eighths: one column and two eighths.
    expect(bar(0.3, 4)).toBe('█▎');
    expect([bar(0, 4), bar(1e-9, 4), bar(2, 4)]).toEqual(['', '▏', '████']);
  });
});

describe('sparkline', () => {
  it('shows values beside the largest, and a space for nothing', () => {
    expect(sparkline([0, 1, 4, 8])).toBe(' ▂▅█');
    expect(sparkline([0, 0])).toBe('  ');
    expect(sparkline([])).toBe('');
  });
});

describe('intervalLine', () => {
  it('marks both bounds and the middle on one scale', () => {
    expect(intervalLine({ low: 0.2, mid: 0.5, high: 0.9 }, 11)).toBe('  ├──●───┤');
    expect(intervalLine({ low: 0, mid: 0, high: 0 }, 11)).toBe('●');
  });
});
