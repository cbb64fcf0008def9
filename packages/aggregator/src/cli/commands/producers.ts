import { Command } from 'commander';
import type { ProducersDocument } from '../../serve/documents/producers-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, parseTime, type ServiceOptions } from '../options.ts';

const HELP = `
What was not recognized counts for nothing by itself; mostly that is as it should be (HTTP and database spans around the model calls).
Model calls without readable usage are counted, and shown as missing: there is more than the figures say.

Examples:
  $ turnmeter producers
  $ turnmeter producers --from 30d
  $ turnmeter producers --json | jq '.producers[] | select(.missing_usage > 0)'
`;

interface ProducersOptions extends ServiceOptions {
  readonly from?: string;
}

export function describeProducers(invocation: Invocation): Command {
  const command = new Command('producers')
    .description('Lists who sent records, which profile read them as what, and what was not recognized.')
    .option('--from <day>', 'records that arrived on this day, UTC, or later (default: the last 7 days)', parseTime)
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (options: ProducersOptions) => {
    const { printProducers } = await import('../books/print-producers.ts');
    await withService(invocation, options, async ({ api }) => {
      const list = await api.get<ProducersDocument>('api/v1/producers', { from: options.from?.slice(0, 10) });
      if (options.json === true) invocation.printJson(list);
      else printProducers(invocation, list);
    });
  });
}
