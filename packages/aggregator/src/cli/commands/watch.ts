import { Command } from 'commander';
import type { Invocation } from '../invocation.ts';
import { addRunningServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
Sessions that run, each with its bar against what sessions of its workflow are expected to cost: the bar is full at 150 %, where guards stop a
session unless policies say otherwise. It moves when something happens, until Ctrl-C. In a pipe it writes a line for each change; --json writes
a document for each, on a line of its own: {"event": "session" | "finalized" | "guard" | "stop" | "release" | "ready", "data": ...}.

Examples:
  $ turnmeter watch
  $ turnmeter watch --workflow support-triage
  $ turnmeter watch | grep -E ' (critical|stop) '
  $ turnmeter watch --json | jq 'select(.data.level == "stop").data.session_id'
`;

export interface WatchOptions extends ServiceOptions {
  readonly workflow?: string;
}

export function describeWatch(invocation: Invocation): Command {
  const command = new Command('watch')
    .description('Shows running sessions as they move: what they cost, what was expected, and where they will end.')
    .option('-w, --workflow <name>', 'only of this workflow')
    .addHelpText('after', HELP);
  return addRunningServiceOptions(command, 'write a JSON document for each change').action(
    async (options: WatchOptions) => {
      const { watchSessions } = await import('../watch/watch-sessions.ts');
      await watchSessions(invocation, options);
    },
  );
}
