// In: what was counted and what was read, and what a scraper takes. Out: a page in that format. Refused: nothing.

import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { MetricsPages, WrittenPage } from '../serve/metrics-pages.ts';
import { acceptsGzip, negotiateFormat, PageFormat } from './formats/negotiate.ts';
import type { PageWriter } from './formats/page-writer.ts';
import { ProtobufWriter } from './formats/protobuf-writer.ts';
import { TextWriter } from './formats/text-writer.ts';
import { isHistogram, Reader } from './metric.ts';
import { Pace } from './pace.ts';
import { type ExposedParts, pageMetrics } from './page-metrics.ts';

/** Text of metrics becomes a twentieth at any level; this is the fastest. */
const GZIP = { level: constants.Z_BEST_SPEED } as const;

export class MetricsPage implements MetricsPages {
  readonly #parts: ExposedParts;
  /** By format: those who ask while it is being written get the same. */
  readonly #writing = new Map<PageFormat, Promise<readonly Uint8Array[]>>();
  #readings = 0;

  constructor(parts: ExposedParts) {
    this.#parts = parts;
  }

  async write({ accept, acceptEncoding }: Parameters<MetricsPages['write']>[0]): Promise<WrittenPage> {
    const { format, contentType } = negotiateFormat(accept);
    const plain = Readable.from(await this.#pieces(format));
    if (!acceptsGzip(acceptEncoding)) return { contentType, contentEncoding: undefined, body: plain };
    const body = createGzip(GZIP);
    plain.on('error', (error) => body.destroy(error)).pipe(body);
    return { contentType, contentEncoding: 'gzip', body };
  }

  #pieces(format: PageFormat): Promise<readonly Uint8Array[]> {
    let writing = this.#writing.get(format);
    if (writing === undefined) {
      writing = this.#write(writerOf(format)).finally(() => this.#writing.delete(format));
      this.#writing.set(format, writing);
    }
    return writing;
  }

  async #write(writer: PageWriter): Promise<readonly Uint8Array[]> {
    const reading = { reader: Reader.SCRAPE, number: ++this.#readings };
    const pace = new Pace();
    for await (const metric of pageMetrics(this.#parts, reading)) {
      writer.open(metric.family);
      if (isHistogram(metric)) {
        for (const point of metric.points) {
          writer.histogram(point);
          if (pace.isOver) await pace.rest();
        }
      } else {
        for (const point of metric.points) {
          writer.value(point);
          if (pace.isOver) await pace.rest();
        }
      }
    }
    return writer.finish();
  }
}

function writerOf(format: PageFormat): PageWriter {
  if (format === PageFormat.PROTOBUF) return new ProtobufWriter();
  return new TextWriter({ isOpenMetrics: format === PageFormat.OPEN_METRICS });
}
