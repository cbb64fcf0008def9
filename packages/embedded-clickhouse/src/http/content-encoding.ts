import type { Transform } from 'node:stream';
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';

/** A compression of an answer, as Content-Encoding names it. */
export type ContentEncoding = (typeof ENCODINGS)[number];

/** In the order of preference where the client accepts several: the fast ones first. */
const ENCODINGS = ['zstd', 'gzip', 'deflate', 'br'] as const;

/** Weights are not considered, as ClickHouse does not either. */
export function chooseEncoding(acceptEncoding: string): ContentEncoding | undefined {
  const accepted = acceptEncoding.toLowerCase();
  return ENCODINGS.find((encoding) => accepted.includes(encoding));
}

/** What compresses an answer. */
export function createEncoder(encoding: ContentEncoding, zlibLevel: number): Transform {
  switch (encoding) {
    case 'zstd':
      return createZstdCompress();
    case 'gzip':
      return createGzip({ level: zlibLevel });
    case 'deflate':
      return createDeflate({ level: zlibLevel });
    case 'br':
      return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
  }
}

/** The library's default, 11, is a hundred times slower than gzip. */
const BROTLI_QUALITY = 4;
