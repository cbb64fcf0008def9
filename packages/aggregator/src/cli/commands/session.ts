import { Command } from 'commander';
import type { ProjectionDocument } from '../../serve/documents/projection-document.ts';
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

/** What is shown beside the session. */
export interface SessionView extends SessionOptions {
  /** Of one that runs. */
  readonly projection: ProjectionDocument | undefined;
}

export function describeSession(invocation: Invocation): Command {
  const command = new Command('session')
    .description(
      'Shows one session, running or finalized: its agents, models, tools and turns; of a running one also what it will cost.',
    )
    .argument('<id>', 'the session')
    .option('--turns', 'all turns, however many there are')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (id: string, options: SessionOptions) => {
    const { printSession } = await import('../figures/print-session.ts');
    await withService(invocation, options, async ({ api }) => {
      const path = `api/v1/sessions/${encodeURIComponent(id)}`;
      const session = await api.get<SessionDetailDocument>(path);
      if (options.json === true) {
        invocation.printJson(session);
        return;
      }
      const projection =
        session.state === 'running' ? await api.get<ProjectionDocument>(`${path}/projection`) : undefined;
      printSession(invocation, session, { ...options, projection });
    });
  });
}
