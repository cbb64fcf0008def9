// Pages as others read them: protobuf by protobufjs and the published schema, text by a parser of its own.

import path from 'node:path';
import protobuf from 'protobufjs';
import type { PageWriter } from '../../../src/expose/formats/page-writer.ts';
import { isHistogram, type Metric } from '../../../src/expose/metric.ts';

export interface ReadHistogram {
  readonly sampleCount: number;
  readonly sampleSum: number;
  readonly bucket: readonly { readonly cumulativeCount: number; readonly upperBound: number }[];
  readonly schema?: number;
  readonly zeroThreshold?: number;
  readonly zeroCount?: number;
  readonly positiveSpan?: readonly { readonly offset: number; readonly length: number }[];
  readonly positiveDelta?: readonly number[];
  readonly exemplars?: readonly object[];
}

export interface ReadMetric {
  readonly label?: readonly { readonly name: string; readonly value: string }[];
  readonly gauge?: { readonly value: number };
  readonly counter?: { readonly value: number; readonly exemplar?: object };
  readonly histogram?: ReadHistogram;
}

export interface ReadFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metric?: readonly ReadMetric[];
}

export function writePage(writer: PageWriter, metrics: readonly Metric[]): Buffer {
  for (const metric of metrics) {
    writer.open(metric.family);
    if (isHistogram(metric)) for (const point of metric.points) writer.histogram(point);
    else for (const point of metric.points) writer.value(point);
  }
  return Buffer.concat(writer.finish());
}

const schema = protobuf.loadSync(path.join(import.meta.dirname, 'client-model.proto'));
const familyType = schema.lookupType('io.prometheus.client.MetricFamily');

export function readProtobuf(page: Uint8Array): readonly ReadFamily[] {
  const reader = protobuf.Reader.create(page);
  const families: ReadFamily[] = [];
  while (reader.pos < reader.len) {
    const family = familyType.decodeDelimited(reader);
    families.push(familyType.toObject(family, { longs: Number, enums: String }) as ReadFamily);
  }
  return families;
}

/** Values by series, of either text format. Labels are unescaped, and in the order of their names. */
export function readText(page: string): ReadonlyMap<string, string> {
  const series = new Map<string, string>();
  for (const line of page.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const { key, value } = readSample(line);
    if (series.has(key)) throw new Error(`twice: ${line}`);
    series.set(key, value);
  }
  return series;
}

export function seriesKey(name: string, labels: readonly (readonly [string, string])[]): string {
  return JSON.stringify([name, labels.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

/** `name{a="b",c="d"} 1 # {…} 2 3`: character by character, as Prometheus' lexer does. */
function readSample(line: string): { readonly key: string; readonly value: string } {
  const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(line)?.[0] ?? '';
  const labels: [string, string][] = [];
  let at = name.length;
  if (line[at] === '{') {
    at++;
    while (line[at] !== '}') {
      const label = /^[a-zA-Z_][a-zA-Z0-9_]*(?==")/.exec(line.slice(at))?.[0];
      if (label === undefined) throw new Error(`no label at ${at} of ${line}`);
      at += label.length + 2;
      let value = '';
      for (; line[at] !== '"'; at++) {
        if (at >= line.length) throw new Error(`no end of a value: ${line}`);
        if (line[at] === '\\') {
          at++;
          const escaped = { n: '\n', '\\': '\\', '"': '"' }[line[at] ?? ''];
          if (escaped === undefined) throw new Error(`an escape that is none: ${line}`);
          value += escaped;
        } else value += line[at];
      }
      labels.push([label, value]);
      at++;
      if (line[at] === ',') at++;
    }
    at++;
  }
  const value = /^ (\S+)(?: # \{.*\} \S+ \S+)?$/s.exec(line.slice(at))?.[1];
  if (name === '' || value === undefined) throw new Error(`no sample: ${line}`);
  return { key: seriesKey(name, labels), value };
}
