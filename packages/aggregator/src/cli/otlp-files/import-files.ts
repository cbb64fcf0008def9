import { BUILT_IN_PROFILES, ProfileList } from '@turnmeter/accounting';
import { DecodeError } from '../../decode/decode-error.ts';
import { Decoder } from '../../decode/decoder.ts';
import { sendTelemetry, type TelemetryTarget } from '../client/send-telemetry.ts';
import { withService } from '../client/with-service.ts';
import { ExitCode } from '../command-error.ts';
import type { ImportOptions } from '../commands/import.ts';
import type { Invocation } from '../invocation.ts';
import { DEFAULT_URL } from '../options.ts';
import { formatCount } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import { type FileReport, printImport } from './print-import.ts';
import { type OtlpBody, readBodies } from './read-bodies.ts';

/** Files that are read and sent at the same time: enough to keep both ends busy, few enough to hold in memory. */
const FILES_AT_ONCE = 4;

/** Runs `turnmeter import`. */
export async function importFiles(
  invocation: Invocation,
  given: readonly string[],
  options: ImportOptions,
): Promise<void> {
  const files = await findFiles(given);
  await withService(invocation, { ...options, mayCreate: true }, async ({ api, otlpUrl, flush }) => {
    const url = otlpUrl ?? options.otlpUrl ?? otlpUrlBeside(options.url ?? DEFAULT_URL);
    const target: TelemetryTarget = { url, headers: api.headers, signal: invocation.signal };
    const reports = await sendAll(files, target, invocation);
    await flush();
    printImport(invocation, reports, options);
    if (reports.some(({ refused, faults }) => refused > 0 || faults.length > 0)) invocation.exitCode = ExitCode.FAILED;
  });
}

/** `http://127.0.0.1:8318` → `http://127.0.0.1:4318`. */
function otlpUrlBeside(apiUrl: string): string {
  const url = new URL(apiUrl);
  url.port = '4318';
  return url.origin;
}

async function sendAll(
  files: readonly FoundFile[],
  target: TelemetryTarget,
  invocation: Invocation,
): Promise<readonly FileReport[]> {
  const reports: FileReport[] = [];
  const progress = new ImportProgress(invocation, files.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      const file = files[at];
      if (file === undefined) return;
      const report = await sendFile(file, target);
      reports[at] = report;
      progress.add(report);
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  progress.end();
  return reports;
}

// What a request holds is counted here as the service counts it, because its answer tells only what it refused.
const decoder = new Decoder({ profiles: new ProfileList(BUILT_IN_PROFILES) });

async function sendFile({ path, isNamed }: FoundFile, target: TelemetryTarget): Promise<FileReport> {
  const faults: string[] = [];
  const signals = new Set<string>();
  let accepted = 0;
  let refused = 0;
  let isSkipped = false;
  for (const body of await readBodies(path)) {
    if ('reason' in body) {
      if (body.isForeign === true && !isNamed) isSkipped = true;
      else faults.push(body.reason);
      continue;
    }
    const records = countRecords(body);
    if (typeof records === 'string') {
      faults.push(records);
      continue;
    }
    signals.add(body.signal);
    const answer = await sendTelemetry(body, target);
    accepted += answer.rejected === undefined ? 0 : records - answer.rejected;
    refused += answer.rejected ?? records;
    if (answer.message !== '') faults.push(answer.message);
  }
  return { file: path, signals: [...signals], accepted, refused, faults, isSkipped };
}

/** Records in a body, those that will be refused included; or why it cannot be read. */
function countRecords({ signal, encoding, bytes }: OtlpBody): number | string {
  try {
    const { records, rejected } = decoder.decode({ signal, encoding, body: bytes }, () => undefined);
    return [...rejected.values()].reduce((sum, count) => sum + count, records);
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

/** How far it is, on a terminal; files are left with a table at the end. */
class ImportProgress {
  readonly #invocation: Invocation;
  readonly #files: number;
  #done = 0;
  #records = 0;
  #shownAt = 0;

  constructor(invocation: Invocation, files: number) {
    this.#invocation = invocation;
    this.#files = files;
  }

  add({ accepted, file }: FileReport): void {
    this.#done++;
    this.#records += accepted;
    const { stderr } = this.#invocation.terminal;
    if (!stderr.isTTY || Date.now() - this.#shownAt < 100) return;
    this.#shownAt = Date.now();
    const text = `${this.#done} of ${this.#files} files, ${formatCount(this.#records)} records  ${shown(file, 40)}`;
    stderr.write(`\r\x1b[2K${this.#invocation.errorPaint('faint', text)}`);
  }

  end(): void {
    if (this.#shownAt > 0) this.#invocation.terminal.stderr.write('\r\x1b[2K');
  }
}
