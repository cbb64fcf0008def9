import { ClickHouseException } from '../clickhouse-exception.ts';
import type { ParameterList } from './request-parameters.ts';

/** Reads `multipart/form-data`, in which `@clickhouse/client` sends parameters too long for a URL. */
export async function readForm(body: Buffer, contentType: string): Promise<ParameterList> {
  // The platform's own parser: a Response is what a form comes out of.
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch((cause) => {
      throw ClickHouseException.of(
        'BAD_ARGUMENTS',
        'The body of the request is not the form that its Content-Type says',
        { cause },
      );
    });
  return [...form].map(([name, value]) => {
    if (typeof value !== 'string') throw externalDataRefused(name);
    return [name, Buffer.from(value, 'utf8')] as const;
  });
}

function externalDataRefused(name: string): ClickHouseException {
  return ClickHouseException.of(
    'NOT_IMPLEMENTED',
    `External data (the file ${name.slice(0, 100)} of the form) is not supported: insert it into a temporary table within a session`,
  );
}
