import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Figures } from '@turnmeter/accounting';
import { readRecordings } from '../../../src/cli/demo/recordings.ts';
import { replayChat } from '../../../src/cli/demo/replay-chat.ts';
import { requestsOf } from '../../../src/cli/demo/requests.ts';
import { RecordCounter } from '../../../src/cli/profile-test/count-records.ts';

const REPOSITORY = path.join(import.meta.dirname, '../../../../..');
const CAPTURES = path.join(REPOSITORY, 'test/captures');
const DEMO = path.join(REPOSITORY, 'packages/aggregator/demo');

interface Truth {
  readonly sessions: Readonly<
    Record<string, { readonly totals: { readonly input_tokens: number; readonly output_tokens: number } }>
  >;
}

describe('recordings of the demo', () => {
  const files = readdirSync(DEMO).filter((name) => name.endsWith('.json.gz'));

  it('are captures, byte for byte', () => {
    expect(files.length).toBe(8);
    for (const file of files) {
      const folder = path.join(CAPTURES, file.replace('.json.gz', ''));
      const captured = readdirSync(folder).filter((name) => name.endsWith('-traces.json'));
      const recorded = gunzipSync(readFileSync(path.join(DEMO, file)));
      expect(captured.map((name) => readFileSync(path.join(folder, name), 'utf8'))).toContain(
        recorded.toString('utf8'),
      );
    }
  });

  it('count as what was really served, also when a chat is replayed twice', () => {
    const nowMs = 1_795_400_000_000;
    const counter = new RecordCounter([], nowMs * 1000);
    const expected = new Map<string, readonly [input: number, output: number]>();
    for (const chat of readRecordings()) {
      const truth = JSON.parse(readFileSync(path.join(CAPTURES, chat.file, 'truth.json'), 'utf8')) as Truth;
      const totals = truth.sessions[chat.session]?.totals;
      for (const round of [1, 2]) {
        const sessionId = `${chat.file}-${chat.session.slice(-1)}-${round}`;
        expected.set(sessionId, [totals?.input_tokens ?? 0, totals?.output_tokens ?? 0]);
        const { spans } = replayChat(chat, { sessionId, startMs: nowMs, stretch: 6 });
        for (const body of requestsOf(spans)) expect(counter.add(body)).toBeUndefined();
      }
    }
    const entries = counter.count().flatMap(({ entry }) => entry ?? []);
    const figures = new Figures().apply(entries.map((entry) => ({ sign: 1, entry, because: '' })));
    const counted = new Map([...figures.by('session')].map(([id, { input, output }]) => [id, [input, output]]));
    expect(counted).toEqual(expected);
    expect([...figures.by('workflow').keys()].toSorted()).toEqual([
      'handoff-swarm',
      'managed-group-chat',
      'supervised-team',
    ]);
    const versions = new Set(entries.map(({ workflow, workflowVersion }) => `${workflow} ${workflowVersion}`.trim()));
    expect([...versions].toSorted()).toEqual([
      'handoff-swarm',
      'managed-group-chat 1.0',
      'managed-group-chat 1.1',
      'supervised-team',
    ]);
  });

  it('have new ids and times, and the same length', () => {
    const [chat] = readRecordings();
    if (chat === undefined) throw new Error('there are no recordings');
    const options = { sessionId: 'new', startMs: 1_795_400_000_000, stretch: 2 };
    const [one, two] = [replayChat(chat, options), replayChat(chat, options)];
    const idsOf = ({ spans }: typeof one): readonly string[] => spans.map(({ span }) => span.spanId);
    expect(new Set([...idsOf(one), ...idsOf(two)]).size).toBe(2 * chat.spans.length);
    const lengthMs = (spans: typeof chat.spans): number =>
      Math.max(...spans.map(({ span }) => Number(span.endTimeUnixNano))) / 1e6 -
      Math.min(...spans.map(({ span }) => Number(span.startTimeUnixNano))) / 1e6;
    // Doubles hold nanoseconds since 1970 to a quarter of a microsecond.
    expect(lengthMs(one.spans)).toBeCloseTo(2 * lengthMs(chat.spans), 1);
    expect(one.endMs - one.startMs).toBeCloseTo(lengthMs(one.spans), 1);
  });
});
