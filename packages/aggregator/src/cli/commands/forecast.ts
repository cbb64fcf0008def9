import { Command, Option } from 'commander';
import type { ForecastDocument } from '../../serve/documents/forecast-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';
import { parseDays } from './trends.ts';

const HELP = `
Nine of ten days shall lie between low and high; how many did in the past is said below, beside the errors of "as a week ago". Few days of
history make wide intervals, and fewer than four none at all.

Examples:
  $ turnmeter forecast
  $ turnmeter forecast --workflow support-triage --days 14
  $ turnmeter forecast --measure tokens --timezone America/New_York
  $ turnmeter forecast --json | jq .total
`;

interface ForecastOptions extends ServiceOptions {
  readonly workflow?: string;
  readonly days: number;
  readonly measure: string;
  readonly timezone: string;
}

const DAYS_DEFAULT = 30;

export function describeForecast(invocation: Invocation): Command {
  const command = new Command('forecast')
    .description('Tells what the next days will cost or use, and how well such forecasts have done so far.')
    .option('-w, --workflow <name>', 'only of this workflow')
    .option('-d, --days <count>', 'so many days ahead, up to 90', parseDays, DAYS_DEFAULT)
    .addOption(
      new Option('--measure <what>', 'what is forecast').choices(['cost', 'tokens', 'sessions']).default('cost'),
    )
    .option('--timezone <name>', 'days begin as they do there, as Europe/Berlin', 'UTC')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (options: ForecastOptions) => {
    const { printForecast } = await import('../figures/print-forecast.ts');
    await withService(invocation, options, async ({ api }) => {
      const { workflow, days, measure, timezone } = options;
      const forecast = await api.get<ForecastDocument>('api/v1/forecast', { workflow, days, measure, timezone });
      if (options.json === true) invocation.printJson(forecast);
      else printForecast(invocation, forecast);
    });
  });
}
