import { Command } from 'commander';
import type { SessionDetailDocument } from '../../serve/documents/session-schema.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
Examples:
  $ turnmeter session 7d21f0
  $ turnmeter session 7d21f0 --turns                  all turns, one a line
  $ turnmeter session 7d21f0 --json | jq .agent_performance
`;

export interface SessionOptions extends ServiceOptions {
  readonly turns?: true;
}

export function describeSession(invocation: Invocation): Command {
  const command = new Command('session')
    .description('Shows one session, running or finalized: its agents, models, tools and turns.')
    .argument('<id>', 'the session')
    .option('--turns', 'all turns, however many there are')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (id: string, options: SessionOptions) => {
    const { printSession } = await import('../figures/print-session.ts');
    await withService(invocation, options, async ({ api }) => {
      const session = await api.get<SessionDetailDocument>(`api/v1/sessions/${encodeURIComponent(id)}`);
      if (options.json === true) invocation.printJson(session);
      else printSession(invocation, session, options);
    });
  });
}
