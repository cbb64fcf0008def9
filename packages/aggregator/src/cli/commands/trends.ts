import { Command, InvalidArgumentError, Option } from 'commander';
import { localDay } from '../../query/trend-steps.ts';
import type { TrendsDocument } from '../../serve/documents/trends-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, parseInteger, type ServiceOptions } from '../options.ts';

const HELP = `
Days and hours without use are there, as far as anything of the tenant is known. The day or hour that runs is marked: compare it with no other.

Examples:
  $ turnmeter trends
  $ turnmeter trends --workflow support-triage --days 90
  $ turnmeter trends --by workflow                    a line for each workflow
  $ turnmeter trends --step hour --days 2 --timezone Europe/Berlin
  $ turnmeter trends --by agent                       a line for each agent, with its response times
  $ turnmeter trends --json | jq -r '.series[0].points[] | [.time, .cost.usd] | @csv'
`;

interface TrendsOptions extends ServiceOptions {
  readonly workflow?: string;
  readonly days?: number;
  readonly step: 'day' | 'hour';
  readonly by?: string;
  readonly timezone: string;
}

const DAY_MS = 86_400_000;
const DAYS_DEFAULT = { day: 30, hour: 2 };

export function describeTrends(invocation: Invocation): Command {
  const command = new Command('trends')
    .description('Shows what was used day by day or hour by hour: cost, sessions, tokens, response times.')
    .option('-w, --workflow <name>', 'only of this workflow')
    .option('-d, --days <count>', 'so many days up to today (default: 30, of hours 2)', parseDays)
    .addOption(new Option('--step <step>', 'a line for each').choices(['day', 'hour']).default('day'))
    .addOption(new Option('--by <what>', 'one after the other').choices(['workflow', 'agent', 'model']))
    .option('--timezone <name>', 'days begin as they do there, as Europe/Berlin', 'UTC')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (options: TrendsOptions) => {
    const { printTrends } = await import('../figures/print-trends.ts');
    await withService(invocation, options, async ({ api }) => {
      const { workflow, step, by, timezone, days = DAYS_DEFAULT[step] } = options;
      const from = firstDay(days, timezone);
      const trends = await api.get<TrendsDocument>('api/v1/trends', { workflow, step, by, timezone, from });
      if (options.json === true) invocation.printJson(trends);
      else printTrends(invocation, trends);
    });
  });
}

export function parseDays(text: string): number {
  const days = parseInteger(text);
  if (days < 1) throw new InvalidArgumentError('Expected at least one day.');
  return days;
}

/** Of so many days up to today there. Names that nobody knows are left to the service to refuse. */
function firstDay(days: number, timezone: string): string | undefined {
  try {
    return new Date(Date.parse(localDay(Date.now() * 1000, timezone)) - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  } catch {
    return undefined;
  }
}
