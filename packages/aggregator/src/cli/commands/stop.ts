import { Command } from 'commander';
import type { StopDocument } from '../../serve/documents/stop-document.ts';
import { withService } from '../client/with-service.ts';
import { CommandError, ExitCode } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
Guards in apps obey before the next model call, within a second. Nothing else is stopped: an app without a guard goes on.

Examples:
  $ turnmeter stop 7d21f0 --reason "goes in circles"
  $ turnmeter stop --workflow research                all of its sessions, also new ones
  $ turnmeter stop --list
  $ turnmeter stop 7d21f0 --release                   it may go on
  $ turnmeter stop --workflow research --release
`;

interface StopOptions extends ServiceOptions {
  readonly workflow?: string;
  readonly reason?: string;
  readonly release?: true;
  readonly list?: true;
}

/** Answer of `GET /api/v1/stops`. */
export interface StopsDocument {
  readonly stops: readonly StopDocument[];
}

export function describeStop(invocation: Invocation): Command {
  const command = new Command('stop')
    .description('Has guards stop a session, or all of a workflow, before the next model call.')
    .argument('[session]', 'the session')
    .option('--workflow <name>', 'all sessions of this workflow')
    .option('--reason <text>', 'why, for those whose session it is')
    .option('--release', 'take a stop back')
    .option('--list', 'list what is stopped')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (session: string | undefined, options: StopOptions) => {
    const { printReleased, printStop, printStops } = await import('../control/print-stops.ts');
    await withService(invocation, options, async ({ api }) => {
      if (options.list === true) {
        printStops(invocation, await api.get<StopsDocument>('api/v1/stops'), options);
        return;
      }
      const target = targetOf(session, options.workflow);
      if (options.release === true) {
        printReleased(invocation, await api.delete<object>(target), options);
        return;
      }
      const { reason } = options;
      printStop(invocation, await api.post<StopDocument>(target, reason === undefined ? {} : { reason }), options);
    });
  });
}

function targetOf(session: string | undefined, workflow: string | undefined): string {
  if (session !== undefined && workflow === undefined) return `api/v1/sessions/${encodeURIComponent(session)}/stop`;
  if (session === undefined && workflow !== undefined) return `api/v1/workflows/${encodeURIComponent(workflow)}/stop`;
  throw new CommandError('what is to stop? Expected either a session or --workflow', { exitCode: ExitCode.USAGE });
}
