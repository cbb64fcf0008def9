import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findFiles } from '../../../src/cli/otlp-files/find-files.ts';
import { readBodies } from '../../../src/cli/otlp-files/read-bodies.ts';

const CAPTURES = path.join(import.meta.dirname, '../../../../../test/captures');
const SIGNALS: Readonly<Record<string, string>> = { traces: 'span', logs: 'log', metrics: 'metric' };

/** `claude-code-cli/003-logs.pb` */
const REQUESTS = readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\d-(?:traces|logs|metrics)\.(?:pb|json)$/.test(name),
);

function directory(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'turnmeter-import-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return root;
}

const SPANS = '{"resourceSpans":[]}';

describe('readBodies', () => {
  it('tells signal and encoding of every capture by its content, whatever the file is called', async () => {
    expect(REQUESTS.length).toBeGreaterThan(100);
    const wrong: string[] = [];
    for (const name of REQUESTS) {
      const [, signal = '', extension] = /-(\w+)\.(pb|json)$/.exec(name) ?? [];
      const root = directory({ unnamed: readFileSync(path.join(CAPTURES, name)) });
      const [body] = await readBodies(path.join(root, 'unnamed'));
      const found = body === undefined || 'reason' in body ? body?.reason : `${body.signal} ${body.encoding}`;
      const expected = `${SIGNALS[signal]} ${extension === 'pb' ? 'protobuf' : 'json'}`;
      if (found !== expected) wrong.push(`${name}: ${found}, not ${expected}`);
    }
    expect(wrong).toEqual([]);
  });

  it('inflates gzip and zstd by their first bytes', async () => {
    const root = directory({
      'a.json.gz': gzipSync(SPANS),
      'b.json.zst': zstdCompressSync(SPANS),
      'c.json': gzipSync(SPANS),
    });
    for (const name of ['a.json.gz', 'b.json.zst', 'c.json']) {
      expect(await readBodies(path.join(root, name))).toMatchObject([{ signal: 'span', encoding: 'json' }]);
    }
  });

  it('reads a request a line, as the file exporter of the Collector writes them', async () => {
    const lines = `{"resourceSpans":[]}\n{"resourceLogs":[]}\n\nnot json\n{"resourceMetrics":[]}\n`;
    const bodies = await readBodies(path.join(directory({ 'export.jsonl': lines }), 'export.jsonl'));
    expect(bodies.map((body) => ('reason' in body ? body.reason : body.signal))).toEqual([
      'span',
      'log',
      'line 3: it is not JSON',
      'metric',
    ]);
  });

  it('reads one request that is written on many lines', async () => {
    const root = directory({ 'pretty.json': JSON.stringify({ resourceLogs: [] }, null, 2) });
    expect(await readBodies(path.join(root, 'pretty.json'))).toMatchObject([{ signal: 'log' }]);
  });

  it('says what it found instead of OTLP', async () => {
    const root = directory({
      'package.json': '{"name":"x","version":"1","private":true,"type":"module"}',
      'broken.json': '{"resourceSpans": [',
      'empty.pb': '',
      'noise.pb': Buffer.from([0x0a, 0xff, 0xff, 0x01]),
      'bomb.json.gz': gzipSync(Buffer.alloc(1024 ** 2 + 1)),
      'list.json': '[1]',
    });
    const reasonOf = async (name: string): Promise<unknown> => (await readBodies(path.join(root, name), 1024 ** 2))[0];
    expect(await reasonOf('package.json')).toEqual({
      reason: 'expected resourceSpans, resourceLogs or resourceMetrics, received "name", "version", "private", ...',
      isForeign: true,
    });
    expect(await reasonOf('broken.json')).toEqual({ reason: 'it is not JSON' });
    expect(await reasonOf('empty.pb')).toEqual({ reason: 'the file is empty' });
    expect(await reasonOf('noise.pb')).toMatchObject({ reason: expect.stringContaining('its name says no signal') });
    expect(await reasonOf('bomb.json.gz')).toEqual({ reason: 'it is larger than 1 MiB, inflated: split it' });
    expect(await reasonOf('list.json')).toEqual({ reason: 'expected a JSON object', isForeign: true });
    expect(await reasonOf('missing.pb')).toMatchObject({ reason: expect.stringContaining('cannot be read') });
  });
});

describe('findFiles', () => {
  it('takes files, folders with all below them, and patterns, each file once', async () => {
    const root = directory({ 'a.pb': 'x', 'in/b.json.gz': 'x', 'in/deep/c.jsonl': 'x', 'in/readme.md': 'x' });
    const found = await findFiles([path.join(root, 'a.pb'), path.join(root, 'in'), path.join(root, '**/*.pb')]);
    expect(found.map(({ path: file, isNamed }) => [path.relative(root, file), isNamed])).toEqual([
      ['a.pb', true],
      [path.join('in', 'b.json.gz'), false],
      [path.join('in', 'deep', 'c.jsonl'), false],
    ]);
  });

  it('says that a file is not there, or a folder holds nothing', async () => {
    const root = directory({ 'readme.md': 'x' });
    await expect(findFiles([path.join(root, 'no.pb')])).rejects.toThrow(
      'is not there: expected a file, a folder or a pattern',
    );
    await expect(findFiles([root])).rejects.toThrow('no OTLP files at');
    await expect(findFiles([path.join(root, '*.pb')])).rejects.toThrow('no OTLP files at');
  });
});
