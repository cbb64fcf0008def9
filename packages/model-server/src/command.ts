import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { groupChatScript } from './script/group-chat.ts';
import { parseRules } from './script/parse-rules.ts';
import type { ScriptSource } from './script/rules.ts';
import { startModelServer } from './server.ts';

/** What the command needs of the process it runs in. */
export interface CommandEnvironment {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

interface CommandOptions {
  readonly port: number;
  readonly script?: string;
  readonly seed: number;
  readonly latency: number;
  readonly json?: true;
}

/** Runs the command to its end, which is SIGINT, SIGTERM or an error. @returns its exit code. */
export async function runCommand(argv: readonly string[], environment: CommandEnvironment): Promise<number> {
  let exitCode = 0;
  const command = describeCommand().action(async (options: CommandOptions) => {
    exitCode = await serve(options, environment);
  });
  await command.parseAsync(argv);
  return exitCode;
}

async function serve(options: CommandOptions, environment: CommandEnvironment): Promise<number> {
  try {
    // Listened for from the start: who reads the address may end the server at once.
    const stopped = signalled(environment);
    const script = await readScript(options);
    const server = await startModelServer({ port: options.port, latencyMs: options.latency, script });
    const { url, openaiUrl, anthropicUrl, googleUrl } = server;
    environment.stdout.write(
      options.json === true ? `${JSON.stringify({ url, openaiUrl, anthropicUrl, googleUrl })}\n` : `${url}\n`,
    );
    await stopped;
    await server.close();
    return 0;
  } catch (error) {
    environment.stderr.write(`model-server: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function readScript({ script, seed }: CommandOptions): Promise<ScriptSource> {
  if (script === undefined) return [];
  if (script === 'group-chat') return groupChatScript({ seed });
  return parseRules(JSON.parse(await readFile(script, 'utf8')));
}

function signalled(environment: CommandEnvironment): Promise<void> {
  return new Promise((resolve) => {
    environment.once('SIGINT', () => resolve());
    environment.once('SIGTERM', () => resolve());
  });
}

function describeCommand(): Command {
  return new Command('model-server')
    .description('A scripted model server on loopback: the wire formats of OpenAI, Anthropic and Gemini, and no model.')
    .option('--port <number>', 'port on 127.0.0.1, 0 for any free one', wholeNumber, 0)
    .option('--script <name>', '"group-chat", or a file with a JSON list of rules; without it answers are made up')
    .option('--seed <number>', 'another seed gives other texts of the group chat', wholeNumber, 1)
    .option('--latency <ms>', 'time until an answer starts', wholeNumber, 0)
    .option('--json', 'print one line of JSON with the addresses when ready');
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/u.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}
