import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parse, YAMLParseError } from 'yaml';
import { CommandError, ExitCode } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';

export interface PolicyFile {
  /** Checked by the service, which knows what holds beside them. */
  readonly policies: readonly unknown[];
  /** The version that was read before it was changed, where the file has it. */
  readonly version: number | undefined;
}

/** @throws CommandError with exit code 2 */
export async function readPolicyFile({ terminal }: Invocation, file: string): Promise<PolicyFile> {
  const tree = parseTree(file, file === '-' ? await text(terminal.stdin) : await readText(file));
  const isMap = typeof tree === 'object' && tree !== null && !Array.isArray(tree);
  const policies: unknown = isMap && 'policies' in tree ? tree.policies : tree;
  if (!Array.isArray(policies))
    throw unusable(file, 'expected a list of policies, or a map with such a list as policies');
  const version = isMap && 'version' in tree ? tree.version : undefined;
  if (version !== undefined && !(Number.isSafeInteger(version) && Number(version) >= 0)) {
    throw unusable(file, `version: expected a whole number, received ${JSON.stringify(version)}`);
  }
  return { policies, version: version === undefined ? undefined : Number(version) };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(file, (error as Error).message);
  }
}

function parseTree(file: string, content: string): unknown {
  try {
    return parse(content);
  } catch (error) {
    if (error instanceof YAMLParseError) throw unusable(file, `neither YAML nor JSON: ${error.message}`);
    throw error;
  }
}

function unusable(file: string, why: string): CommandError {
  return new CommandError(`${file} cannot be used: ${why}`, { exitCode: ExitCode.USAGE });
}
