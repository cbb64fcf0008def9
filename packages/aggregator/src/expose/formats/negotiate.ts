// Which format a page has, by the header `Accept`: what Prometheus asks for first is what it prefers. Whoever asks for nothing that there is
// gets the text format, as from every other exporter, and never 406.

/** Media types of a page. */
export const PageFormat = { TEXT: 'text', OPEN_METRICS: 'open_metrics', PROTOBUF: 'protobuf' } as const;
export type PageFormat = (typeof PageFormat)[keyof typeof PageFormat];

export interface NegotiatedFormat {
  readonly format: PageFormat;
  readonly contentType: string;
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/** How names are written that are not of letters, digits and underscores alone. None of ours are, so that these are one. */
const ESCAPINGS: readonly string[] = ['allow-utf-8', 'underscores', 'values'];
/** Longer headers are nobody's. */
const HEADER_LENGTH_MAX = 4096;

const TEXT: NegotiatedFormat = { format: PageFormat.TEXT, contentType: 'text/plain; version=0.0.4; charset=utf-8' };

export function negotiateFormat(accept: string | undefined): NegotiatedFormat {
  // Sorting keeps the order of those of the same quality.
  const ranges = parseAccept(accept ?? '').toSorted((a, b) => b.quality - a.quality);
  for (const range of ranges) {
    const format = range.quality > 0 ? formatOf(range) : undefined;
    if (format !== undefined) return format;
  }
  return TEXT;
}

/** Of `gzip, deflate;q=0.5`: whether gzip may be sent. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  const ranges = parseAccept(acceptEncoding ?? '');
  const range = ranges.find(({ type }) => type === 'gzip') ?? ranges.find(({ type }) => type === '*');
  return range !== undefined && range.quality > 0;
}

function formatOf({ type, parameters }: MediaRange): NegotiatedFormat | undefined {
  const version = parameters.get('version');
  switch (type) {
    case 'application/vnd.google.protobuf':
      return parameters.get('proto') === 'io.prometheus.client.MetricFamily' &&
        parameters.get('encoding') === 'delimited'
        ? {
            format: PageFormat.PROTOBUF,
            contentType: `application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited${escaping(parameters)}`,
          }
        : undefined;
    case 'application/openmetrics-text':
      return version === undefined || version === '1.0.0' || version === '0.0.1'
        ? {
            format: PageFormat.OPEN_METRICS,
            contentType: `application/openmetrics-text; version=${version ?? '1.0.0'}; charset=utf-8${escaping(parameters)}`,
          }
        : undefined;
    case 'text/plain':
      if (version === '1.0.0') {
        const contentType = `text/plain; version=1.0.0; charset=utf-8${escaping(parameters)}`;
        return { format: PageFormat.TEXT, contentType };
      }
      return version === undefined || version === '0.0.4' ? TEXT : undefined;
    case '*/*':
    case 'text/*':
      return TEXT;
    default:
      return undefined;
  }
}

/** As Prometheus 3 asks; one that is not known is answered by the oldest. */
function escaping(parameters: ReadonlyMap<string, string>): string {
  const asked = parameters.get('escaping');
  if (asked === undefined) return '';
  return `; escaping=${ESCAPINGS.includes(asked) ? asked : 'underscores'}`;
}

/** `text/plain;version=0.0.4;q=0.5, *\/*;q=0.1`; what is no media range is passed over. */
function parseAccept(header: string): readonly MediaRange[] {
  if (header.length > HEADER_LENGTH_MAX) return [];
  return splitOutsideQuotes(header, ',').flatMap((part) => {
    const [type = '', ...rest] = splitOutsideQuotes(part, ';').map((piece) => piece.trim());
    if (type === '') return [];
    const parameters = new Map(rest.map(parseParameter));
    const quality = Number(parameters.get('q') ?? 1);
    return [{ type: type.toLowerCase(), parameters, quality: quality >= 0 && quality <= 1 ? quality : 0 }];
  });
}

function parseParameter(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at === -1) return [text.toLowerCase(), ''];
  const value = text.slice(at + 1).trim();
  const unquoted = /^"(.*)"$/s.exec(value)?.[1]?.replaceAll(/\\(.)/gs, '$1');
  return [text.slice(0, at).trim().toLowerCase(), unquoted ?? value];
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = [];
  let [start, isQuoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    if (isQuoted && text[at] === '\\') at++;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && text[at] === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
