import { describe, expect, it } from 'vitest';
import { sizeOfRequest } from '../../src/guard/request-size.ts';

const base64 = (bytes: number): string => 'A'.repeat(bytes);

describe('the size of a request', () => {
  it('is at least what a byte-level tokenizer makes of text, by two bytes a token', () => {
    // 4000 bytes, 16 for the request, 4 for the message, and the names of fields.
    const { tokens } = sizeOfRequest([{ role: 'user', content: 'x'.repeat(4000) }]);
    expect(tokens).toBeGreaterThanOrEqual(2000);
    expect(tokens).toBeLessThan(2050);
    // Three bytes each.
    expect(sizeOfRequest('語'.repeat(1000)).tokens).toBeGreaterThanOrEqual(1500);
  });

  it('does not take an image for a text, in the shape of any API', () => {
    const data = base64(1_000_000);
    const shapes = [
      { type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } },
      { type: 'input_image', image_url: `data:image/png;base64,${data}` },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
      { inlineData: { mimeType: 'image/png', data } },
      { type: 'file', mediaType: 'image/png', data: new Uint8Array(1_000_000) },
    ];
    for (const shape of shapes) {
      const { tokens } = sizeOfRequest([{ role: 'user', content: [shape] }]);
      expect(tokens).toBeGreaterThanOrEqual(3000);
      expect(tokens).toBeLessThan(3100);
    }
  });

  it('has bounds for sound, films and files, with and without their bytes', () => {
    const of = (part: object): number => sizeOfRequest([part]).tokens;
    expect(of({ type: 'input_audio', input_audio: { data: base64(320_000), format: 'mp3' } })).toBeCloseTo(10_000, -2);
    expect(of({ inlineData: { mimeType: 'video/mp4', data: base64(640_000) } })).toBeCloseTo(10_000, -2);
    expect(
      of({ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: base64(20_000) } }),
    ).toBeCloseTo(10_000, -2);
    expect(of({ type: 'input_file', file_id: 'file-123' })).toBeCloseTo(20_000, -2);
    expect(of({ fileData: { fileUri: 'gs://a/b', mimeType: 'application/pdf' } })).toBeCloseTo(20_000, -2);
  });

  it('knows what is to be cached, which some bill above the plain rate', () => {
    expect(
      sizeOfRequest([{ content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] }]).writesCache,
    ).toBe(true);
    expect(sizeOfRequest([{ content: 'x' }]).writesCache).toBe(false);
  });

  it('comes to an end whatever it is given', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(Number.isFinite(sizeOfRequest(circle, undefined, null, Number.NaN, Symbol.iterator).tokens)).toBe(true);
    expect(sizeOfRequest(Array.from({ length: 300_000 }, () => 'a')).tokens).toBeGreaterThan(150_000);
  });
});
