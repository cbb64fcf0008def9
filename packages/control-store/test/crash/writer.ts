// Asks a control store for balances as fast as it answers, several requests at a time, until it is killed.
// node writer.ts '{"file": "…", "writer": "w1", "accounts": 10, "atOnce": 64, "again": [operations that were not answered]}'

import { ControlStoreError, openControlStore, type ControlStore } from '../../src/index.ts';
import { perform, type Line, type Operation } from './operation.ts';

export interface WriterOptions {
  readonly file?: string;
  readonly url?: string;
  /** Unique, also among those that were killed: its keys begin with it. */
  readonly writer: string;
  readonly accounts: number;
  readonly atOnce: number;
  readonly again: readonly Operation[];
}

const AMOUNT_MAX = 100;

let count = 0;

async function run({ writer, accounts, atOnce, again, ...place }: WriterOptions): Promise<void> {
  const store = await openControlStore(place);
  // Whoever did not hear an answer asks again.
  await Promise.all(again.map((operation) => ask(store, operation)));
  const works = Array.from({ length: atOnce }, (_, at) => work(store, writer, `account-${at % accounts}`));
  await Promise.all(works);
}

/** One client after another call: reserve and settle, mostly. */
async function work(store: ControlStore, writer: string, account: string): Promise<never> {
  for (;;) {
    const amount = 1 + Math.floor(Math.random() * AMOUNT_MAX);
    const next = (kind: Operation['kind'], part: number, refersTo = 0): Promise<number | undefined> =>
      ask(store, { key: `${writer}-${++count}`, account, kind, amount: part, refersTo });
    const chance = Math.random();
    if (chance < 0.15) await next('grant', 2 * amount);
    else if (chance < 0.3) {
      const spending = await next('deduct', amount);
      if (spending !== undefined && chance < 0.2) await next('refund', Math.ceil(amount / 2), spending);
    } else {
      const reservation = await next('reserve', amount);
      if (reservation === undefined) continue;
      // Some use less than was reserved, some more, some nothing.
      if (chance < 0.4) await next('release', 0, reservation);
      else await next('settle', Math.floor(amount * 1.2 * Math.random()), reservation);
    }
  }
}

async function ask(store: ControlStore, operation: Operation): Promise<number | undefined> {
  tell({ is: 'asked', ...operation });
  try {
    const { entry } = await perform(store, operation);
    tell({ is: 'answered', key: operation.key, entry: entry.sequence });
    return entry.sequence;
  } catch (error) {
    if (!(error instanceof ControlStoreError) || error.retryable) throw error;
    tell({ is: 'refused', key: operation.key, code: error.code });
    return undefined;
  }
}

/** To a pipe it is written at once: nothing that was told is lost with the process. */
function tell(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

await run(JSON.parse(process.argv[2] ?? '') as WriterOptions);
