import { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, parseInteger, type ServiceOptions } from '../options.ts';

const HELP = `
Replays the finalized sessions of each workflow: what would have been said of them while they ran, from those alone that had ended by then,
and what became of it. Nine of ten intervals are to hold. Beside it stand what a workflow's mean and a straight line through the turns say.
MAPE is the mean error of the middle in percent of the end cost; the loss (pinball, over the mean end cost) is small where intervals are
narrow and yet hold. The computing is done here, not in the service.

Examples:
  $ turnmeter backtest
  $ turnmeter backtest --workflow research --sessions 5000
  $ turnmeter backtest --data-dir ./turnmeter-data
  $ turnmeter backtest --json | jq '.workflows[] | {workflow, coverage: .projection.coverage}'
`;

export interface BacktestOptions extends ServiceOptions {
  readonly workflow?: string;
  readonly sessions: number;
}

export function describeBacktest(invocation: Invocation): Command {
  const command = new Command('backtest')
    .description('Measures on stored history how well end costs of running sessions are projected.')
    .option('--workflow <name>', 'of this one (default: the twenty with the most sessions)')
    .option('--sessions <n>', 'of each workflow, those that began last: 1 to 5000', parseInteger, 1000)
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (options: BacktestOptions) => {
    const { runBacktest } = await import('../backtest/run-backtest.ts');
    await runBacktest(invocation, options);
  });
}
