// Loads the fixtures: what coding agents sent, body by body.

import { readFileSync } from 'node:fs';
import {
  Book,
  BUILT_IN_PROFILES,
  Figures,
  logFrom,
  observe,
  type PlainLog,
  type PlainPoint,
  type PlainSpan,
  pointFrom,
  ProfileList,
  spanFrom,
  type TelemetryRecord,
} from '@turnmeter/accounting';

export type FixtureName = 'claude-code-cli' | 'claude-agent-sdk-native' | 'gemini-cli' | 'codex-cli';

/** What one OTLP request brought. */
export interface Body {
  readonly name: string;
  readonly signal: TelemetryRecord['signal'];
  readonly records: readonly TelemetryRecord[];
}

interface Part {
  readonly body: string;
  readonly resource: PlainSpan['resource'];
  readonly scope: string;
  readonly spans?: readonly PlainSpan[];
  readonly logs?: readonly PlainLog[];
  readonly points?: readonly PlainPoint[];
}

const PROFILES = new ProfileList(BUILT_IN_PROFILES);

export function loadFixture(name: FixtureName): readonly Body[] {
  const url = new URL(`fixtures/${name}.json`, import.meta.url);
  const parts = JSON.parse(readFileSync(url, 'utf8')) as readonly Part[];
  const bodies = new Map<string, TelemetryRecord[]>();
  for (const { body, resource, scope, spans = [], logs = [], points = [] } of parts) {
    const origin = { resource: resource ?? {}, scope };
    const records = [
      ...spans.map((span) => spanFrom({ ...origin, ...span }, PROFILES)),
      ...logs.map((log) => logFrom({ ...origin, ...log }, PROFILES)),
      ...points.map((point) => pointFrom({ ...origin, ...point }, PROFILES)),
    ];
    bodies.set(body, [...(bodies.get(body) ?? []), ...records]);
  }
  return [...bodies].flatMap(([body, records]) => {
    const signal = records[0]?.signal;
    return signal === undefined ? [] : [{ name: body, signal, records }];
  });
}

/** Books bodies as they come, a settlement after each, and once more when all has been quiet for long. */
export function bookBodies(bodies: readonly (readonly TelemetryRecord[])[]): Figures {
  const book = new Book();
  const figures = new Figures();
  let nowUs = 1_796_000_000_000_000;
  for (const records of bodies) {
    for (const record of records)
      book.add(observe(record, { profiles: PROFILES, tenant: 'acme', receivedUs: nowUs }), nowUs);
    figures.apply(book.settle(nowUs));
    // Longer than the quiet time: every weaker source is booked before the better one comes.
    nowUs += 10_000_000;
  }
  figures.apply(book.settle(nowUs));
  return figures.apply(book.settle(nowUs + 3_600_000_000));
}
