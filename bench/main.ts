// Programs that print figures. `npm run bench` lists them; `npm run bench -- <program>` runs one.
// Each program is loaded when it runs: nothing of another is in its memory or its compiled code.

import { Command, Option, InvalidArgumentError } from 'commander';

const SPANS_DEFAULT: readonly number[] = [1e5, 1e6];
/** Of the program `instrumentation`. */
const PARTS: readonly string[] = ['calls', 'start', 'memory'];

const program = new Command('bench')
  .description(
    'Prints figures of speed and memory, each beside a baseline of the same run. bench/README.md says what they mean.',
  )
  .helpOption('--help', 'options of a program')
  .helpCommand(false)
  .action(() => program.outputHelp());

program
  .command('decode')
  .description('How fast is OTLP read?')
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 15)
  .action(async (options) => (await import('./decode.ts')).run(options));

program
  .command('pricing')
  .description('What does it cost to price a call?')
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 7)
  .action(async (options) => (await import('./pricing.ts')).run(options));

program
  .command('accounting')
  .description('How many spans does one core read, normalize, book and price?')
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 7)
  .action(async (options) => (await import('./accounting.ts')).run(options));

program
  .command('forecast')
  .description('How wrong are forecasts of 30 days, and how often do their intervals hold?')
  .option('--series <n>', 'made-up histories of use', parseCount, 500)
  .option('--seed <n>', 'what they are made up from', parseCount, 1)
  .action(async (options) => (await import('./forecast.ts')).run(options));

program
  .command('balances')
  .description('How fast are prepaid balances, and is anything lost or done twice when writers are killed?')
  .option('--operations <n>', 'balance operations while writers are killed', parseCount, 20_000)
  .option('--kills <n>', 'kills of each writer', parseCount, 10)
  .option('--writers <n>', 'processes at a time', parseCount, 1)
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 5)
  .option('--url <url>', 'a PostgreSQL server instead of an SQLite file')
  .action(async (options) => (await import('./balances.ts')).run(options));

program
  .command('guard-check')
  .description('What does it cost to ask before a model call, and can calls in parallel pass a limit together?')
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 7)
  .option('--runs <n>', 'of 100 sessions with 20 parallel calls each', parseCount, 10_000)
  .action(async (options) => (await import('./guard-check.ts')).run(options));

program
  .command('scrape')
  .description('How long does a page of metrics take, and how large is it?')
  .option('--tenants <n>', 'tenants', parseCount, 1000)
  .option('--workflows <n>', 'of each tenant', parseCount, 20)
  .option('--rounds <n>', 'pages, of which the median counts', parseCount, 7)
  .action(async (options) => (await import('./scrape.ts')).run(options));

program
  .command('rules')
  .description('How long does Prometheus take to evaluate the rules?')
  .option('--tenants <n>', 'tenants, each with a budget', parseCount, 1000)
  .option('--workflows <n>', 'of each tenant', parseCount, 20)
  .option('--rounds <n>', 'evaluations, of which the median counts', parseCount, 8)
  .action(async (options) => (await import('./rules.ts')).run(options));

program
  .command('projection')
  .description('How often do projected end costs of running sessions hold, and how wrong are they?')
  .option('--sessions <n>', 'of each made-up workflow', parseCount, 500)
  .option('--seeds <n>', 'times each is made up', parseCount, 4)
  .option('--seed <n>', 'what they are made up from', parseCount, 1)
  .action(async (options) => (await import('./projection.ts')).run(options));

program
  .command('expected-cost')
  .description('Which mean tells best what sessions normally cost, when some of them ran away?')
  .option('--samples <n>', 'of each kind of costs and each number of sessions', parseCount, 400)
  .action(async (options) => (await import('./expected-cost.ts')).run(options));

program
  .command('embedded-clickhouse')
  .description('What do start, queries and inserts of the embedded engine cost?')
  .option('--rows <n>', 'rows of an insert', parseCount, 262_144)
  .action(async (options) => (await import('./embedded-clickhouse.ts')).run(options));

program
  .command('ingest')
  .description('How many spans a second are acknowledged durably, and saved?')
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 3)
  .option('--requests <n>', 'requests of 512 spans in a round', parseCount, 800)
  .option('--connections <n>', 'requests under way at a time', parseCount, 16)
  .addOption(new Option('--encoding <name>', 'of bodies').choices(['gzip', 'zstd', 'identity']).default('gzip'))
  .action(async (options) => (await import('./ingest.ts')).run(options));

program
  .command('collector')
  .description('What does a million spans cost in CPU, beside the Collector with its ClickHouse exporter?')
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 3)
  .option('--requests <n>', 'requests of 512 spans in a round', parseCount, 800)
  .option('--connections <n>', 'requests under way at a time', parseCount, 16)
  .addOption(new Option('--encoding <name>', 'of bodies').choices(['gzip', 'zstd', 'identity']).default('gzip'))
  .action(async (options) => (await import('./collector.ts')).run(options));

program
  .command('memory')
  .description('How much memory does the service take when senders never stop?')
  .option('--seconds <n>', 'how long they send', parseCount, 60)
  .option('--requests <n>', 'requests of 512 spans that are ready to be sent', parseCount, 6000)
  .option('--connections <n>', 'requests under way at a time', parseCount, 32)
  .action(async (options) => (await import('./memory.ts')).run(options));

program
  .command('storage')
  .description('How much disk does a span take?')
  .option('--requests <n>', 'requests of 512 spans', parseCount, 400)
  .action(async (options) => (await import('./storage.ts')).run(options));

program
  .command('panels')
  .description('How long do questions take, and how does it grow with the data?')
  .option('--spans <n...>', 'sizes of the ledger; 1e7 takes some minutes', parseCounts, SPANS_DEFAULT)
  .option('--runs <n>', 'times each is asked', parseCount, 30)
  .action(async (options) => (await import('./panels.ts')).run(options));

program
  .command('dashboards')
  .description('How long does every query of the Grafana dashboards take?')
  .option('--spans <n>', 'size of the ledger; 1e7 takes some minutes', parseCount, 1e6)
  .option('--runs <n>', 'times each is asked', parseCount, 20)
  .option('--data <directory>', 'keeps the ledger there, or takes the one that an earlier run has left')
  .action(async (options) => (await import('./dashboards.ts')).run(options));

program
  .command('freshness')
  .description('How soon after its end is a span in the figures of its session?')
  .option('--spans <n>', 'spans that are followed', parseCount, 100)
  .option('--load <n>', 'requests of 512 spans that others send meanwhile', parseCount, 2500)
  .action(async (options) => (await import('./freshness.ts')).run(options));

program
  .command('cost-check')
  .description('How long does a cost check take at a steady rate?')
  .option('--rate <n>', 'requests a second', parseCount, 1000)
  .option('--seconds <n>', 'length of a round', parseCount, 10)
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 3)
  .action(async (options) => (await import('./cost-check.ts')).run(options));

program
  .command('start-up')
  .description('How long does a start take?')
  .option('--rounds <n>', 'starts of each kind', parseCount, 5)
  .option('--requests <n>', 'requests of 512 spans in the directory with data', parseCount, 200)
  .action(async (options) => (await import('./start-up.ts')).run(options));

program
  .command('instrumentation')
  .description('What does the plugin cost an app, beside those of others?')
  .addOption(new Option('--part <name...>', 'what to measure').choices(PARTS).default(PARTS, 'all'))
  .option('--rounds <n>', 'rounds, of which the median counts', parseCount, 25)
  .option('--calls <n>', 'model calls, or turns, of an app in a round', parseCount, 500)
  .option('--sessions <n>', 'sessions of one process', parseCount, 100_000)
  .action(async (options) => (await import('./instrumentation.ts')).run(options));

/** `1e6` is a number of rows, too. */
function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('expected a whole number above 0');
  return count;
}

function parseCounts(text: string, before: readonly number[]): readonly number[] {
  return before === SPANS_DEFAULT ? [parseCount(text)] : [...before, parseCount(text)];
}

await program.parseAsync();
