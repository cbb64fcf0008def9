import { expect, it } from 'vitest';
import { readPage, seriesOf } from '../../history/page.ts';

it('reads names, labels and values, and leaves out comments and exemplars', () => {
  const text = [
    '# HELP turnmeter_up Whether a part answers.',
    '# TYPE turnmeter_up gauge',
    'turnmeter_up{part="clickhouse"} 1',
    'turnmeter_workflows 9 # {trace_id="ab"} 1 1795416309.8',
    'turnmeter_cost_usd_total{tenant="a",workflow="b\\"c\\\\d\\ne"} 1.5e-3',
    'turnmeter_x_bucket{le="+Inf"} 4',
    '',
  ].join('\n');
  expect(readPage(text)).toEqual([
    { name: 'turnmeter_up', labels: { part: 'clickhouse' }, value: 1 },
    { name: 'turnmeter_workflows', labels: {}, value: 9 },
    { name: 'turnmeter_cost_usd_total', labels: { tenant: 'a', workflow: 'b"c\\d\ne' }, value: 0.0015 },
    { name: 'turnmeter_x_bucket', labels: { le: '+Inf' }, value: 4 },
  ]);
});

it('writes a series as it was read', () => {
  const line = 'turnmeter_cost_usd_total{tenant="a",workflow="b\\"c\\\\d\\ne"}';
  const [sample] = readPage(`${line} 1`);
  expect(sample === undefined ? '' : seriesOf(sample)).toBe(line);
});
