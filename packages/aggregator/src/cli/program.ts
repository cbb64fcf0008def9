import { Command } from 'commander';
import { COMMANDS } from './command-list.ts';
import type { Invocation } from './invocation.ts';
import { readVersion } from './read-version.ts';

/** The command line with all commands; only the one that `argv` names is complete, the others are a line of the help. */
export async function describeProgram(argv: readonly string[], invocation: Invocation): Promise<Command> {
  const program = new Command('turnmeter')
    .description('What does one run of this multi-agent workflow normally cost, take and use, and is this run normal?')
    .version(readVersion(), '-V, --version', 'print the version')
    .addHelpText('after', HELP);
  prepare(program, invocation);
  const named = argv[2] === 'help' ? argv[3] : argv[2];
  for (const { name, summary, group, load } of COMMANDS) {
    const command = name === named ? (await load())(invocation) : new Command(name);
    program.addCommand(prepare(command, invocation).summary(summary).helpGroup(group));
  }
  return program;
}

const HELP = `
Every command has --help with examples, and --json for programs. Results go to standard output, all else to standard error.
Exit codes: 0 done, 1 failed or not there, 2 used wrongly, 130 interrupted (Ctrl-C), 143 terminated.

Examples:
  $ turnmeter demo                          real recordings, counted and compared in half a minute
  $ turnmeter up                            then point OTEL_EXPORTER_OTLP_ENDPOINT at http://127.0.0.1:4318
  $ turnmeter sessions                      what ran, what it cost
  $ turnmeter explain <trace-id>            why each span counts, or not
  $ turnmeter doctor                        what in this app silently loses data, and the fix
`;

/** Output, errors and help alike for a command and those below it. */
function prepare(command: Command, invocation: Invocation): Command {
  const { terminal, paint, errorPaint } = invocation;
  command
    .exitOverride()
    .showHelpAfterError(
      `(\`turnmeter ${command.name() === 'turnmeter' ? '' : `${command.name()} `}--help\` shows what there is)`,
    )
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      // A command's "error: ..." as all other errors look.
      outputError: (text, write) => write(text.replace(/^error:/, `${errorPaint('bad', 'error')}:`)),
      getOutHelpWidth: () => invocation.width ?? HELP_WIDTH,
    })
    .configureHelp({ styleTitle: (text) => paint('title', text), styleCommandText: (text) => paint('name', text) });
  for (const inner of command.commands) prepare(inner, invocation);
  return command;
}

/** Of help that goes into a file or a pipe. */
const HELP_WIDTH = 100;
