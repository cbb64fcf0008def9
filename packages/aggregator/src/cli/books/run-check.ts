import type { CheckResultDocument } from '../../serve/documents/check-document.ts';
import { readLines } from '../client/read-lines.ts';
import { withService } from '../client/with-service.ts';
import { ExitCode } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';
import type { ServiceOptions } from '../options.ts';
import { formatSeconds, plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { Spinner } from '../text/spinner.ts';
import { wrap } from '../text/wrap.ts';

/** Runs `turnmeter check`: results are printed as they come. */
export async function runCheck(invocation: Invocation, options: ServiceOptions): Promise<void> {
  await withService(invocation, options, async ({ api }) => {
    const checks: CheckResultDocument[] = [];
    let checking = new Spinner(invocation, 'checking');
    try {
      for await (const line of readLines(api.stream('api/v1/check'))) {
        const result = JSON.parse(line) as CheckResultDocument;
        checks.push(result);
        if (options.json === true) continue;
        checking.stop();
        printResult(invocation, result);
        checking = new Spinner(invocation, 'checking');
      }
    } finally {
      checking.stop();
    }
    const isOk = checks.every(({ ok }) => ok);
    if (options.json === true) invocation.printJson({ ok: isOk, checks });
    else printSum(invocation, checks);
    if (!isOk) invocation.exitCode = ExitCode.FAILED;
  });
}

/** `✓ No span and no log record was stored twice.  12 ms` */
function printResult(
  invocation: Invocation,
  { name, description, expected, found, ok, milliseconds }: CheckResultDocument,
): void {
  const { paint, width = 120 } = invocation;
  const mark = ok ? paint('good', '✓') : paint('bad', '✗');
  const [first = '', ...others] = wrap(shown(description, 300), width - 2);
  invocation.print(`${mark} ${first}`, ...others.map((line) => `  ${line}`));
  const time = formatSeconds(milliseconds / 1000);
  if (ok) invocation.print(paint('faint', `  ${shown(name)}, ${time}`));
  else
    invocation.print(
      `  ${shown(name)}, ${time}: ${paint('bad', `expected ${shown(expected)}, found ${shown(found, 500)}`)}`,
    );
}

function printSum(invocation: Invocation, checks: readonly CheckResultDocument[]): void {
  const { paint } = invocation;
  const faults = checks.filter(({ ok }) => !ok).length;
  const sum =
    faults === 0
      ? paint('good', `All ${plural(checks.length, 'check')} hold: the books agree.`)
      : paint('bad', `${faults} of ${plural(checks.length, 'check')} failed.`);
  invocation.print('', sum);
}
