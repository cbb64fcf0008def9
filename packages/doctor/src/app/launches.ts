// How the app is started: scripts of package.json, Dockerfile, compose files, Procfile.

import path from 'node:path';
import type { StringMap } from './manifest.ts';
import { readText } from './read-text.ts';
import { shellCommands } from './shell-words.ts';

/** One command that starts a program of the app. */
export interface Launch {
  /** `package.json: scripts.start`, `Dockerfile:12`. */
  readonly where: string;
  readonly command: string;
  /** `node`, `tsx`, `next`, ... */
  readonly runner: string;
  /** Modules that are loaded before the app: `--import`, `--require`, those in the command's own NODE_OPTIONS included. */
  readonly preloads: readonly string[];
  /** The same behind the script's name, where Node hands them to the script and loads nothing. */
  readonly latePreloads: readonly string[];
  readonly hasEnvFile: boolean;
}

/** Scripts that start the app by their name; of others those that preload something, as only starting needs that. */
const STARTING_SCRIPT = /^(?:start|serve|server|worker|prod|production|app|main|run|dev|develop|watch)(?:[:._-].*)?$/;

/** Scripts that are about the app and do not start it. */
const TOOL_SCRIPT =
  /^(?:pre|post)?(?:test|lint|build|format|check|types?|bench|e2e|coverage|release|publish|prepare)(?:[:._-].*)?$/;

export async function readLaunches(folder: string, scripts: StringMap): Promise<readonly Launch[]> {
  const ofScripts = Object.entries(scripts)
    .filter(([name]) => !TOOL_SCRIPT.test(name))
    .flatMap(([name, command]) => {
      const launches = launchesOf(command, `package.json: scripts.${name}`);
      return STARTING_SCRIPT.test(name) ? launches : launches.filter(({ preloads }) => preloads.length > 0);
    });
  const files = [
    ['Dockerfile', DOCKER_COMMAND],
    ['Procfile', PROCFILE_COMMAND],
    ['compose.yaml', COMPOSE_COMMAND],
    ['compose.yml', COMPOSE_COMMAND],
    ['docker-compose.yml', COMPOSE_COMMAND],
    ['docker-compose.yaml', COMPOSE_COMMAND],
  ] as const;
  const ofFiles = await Promise.all(
    files.map(async ([file, pattern]) => launchesIn((await readText(path.join(folder, file))) ?? '', file, pattern)),
  );
  return [...ofScripts, ...ofFiles.flat()];
}

/** `CMD ["node", "app.js"]`, `ENTRYPOINT node app.js`. */
const DOCKER_COMMAND = /^\s*(?:CMD|ENTRYPOINT)\s+(.+)$/i;
/** `web: node app.js`. */
const PROCFILE_COMMAND = /^[\w-]+:\s*(.+)$/;
/** `command: node app.js`, `entrypoint: ["node", "app.js"]`. */
const COMPOSE_COMMAND = /^\s*(?:command|entrypoint):\s*(.+)$/;

function launchesIn(text: string, file: string, pattern: RegExp): readonly Launch[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    const command = pattern.exec(line)?.[1];
    return command === undefined ? [] : launchesOf(asShell(command), `${file}:${at + 1}`);
  });
}

/** `["node", "app.js"]` → `"node" "app.js"`. */
function asShell(command: string): string {
  if (!/^\s*\[/.test(command)) return command;
  try {
    const words: unknown = JSON.parse(command);
    return Array.isArray(words) ? words.map((word) => JSON.stringify(String(word))).join(' ') : command;
  } catch {
    return command;
  }
}

function launchesOf(command: string, where: string): readonly Launch[] {
  return shellCommands(command).flatMap((words) => launchOf(words, where) ?? []);
}

/** What runs programs of JavaScript and takes Node's options. */
const NODE_RUNNERS = new Set([
  'node',
  'nodejs',
  'tsx',
  'ts-node',
  'ts-node-esm',
  'nodemon',
  'node-dev',
  'ts-node-dev',
  'tsnd',
]);
/** What starts an app in a way of its own; preloads come from NODE_OPTIONS. */
const OTHER_RUNNERS = new Set([
  'next',
  'nest',
  'nuxt',
  'remix-serve',
  'react-router-serve',
  'fastify',
  'mastra',
  'pm2-runtime',
  'pm2',
  'bun',
  'deno',
]);
/** What runs the command that follows. */
const WRAPPERS = new Set([
  'cross-env',
  'cross-env-shell',
  'env',
  'dotenv',
  'dotenvx',
  'exec',
  'npx',
  'pnpm',
  'dumb-init',
  'tini',
  'doppler',
  'op',
  '--',
  'run',
]);
const OPTIONS_WITH_VALUE = new Set([
  '--import',
  '--require',
  '-r',
  '--loader',
  '--experimental-loader',
  '--conditions',
  '-C',
  '--env-file',
  '--tsconfig',
  '--watch-path',
  '--exec',
  '-x',
  '--watch',
  '-w',
  '--title',
]);

function launchOf(words: readonly string[], where: string): Launch | undefined {
  const at = words.findIndex((word) => NODE_RUNNERS.has(path.posix.basename(word)) || OTHER_RUNNERS.has(word));
  const runner = path.posix.basename(words[at] ?? '');
  const before = words.slice(0, Math.max(0, at));
  if (at === -1 || !before.every(isPrelude)) return undefined;
  const rest = words.slice(at + 1);
  const script = indexOfScript(rest);
  // `node --version` and `next build` start nothing.
  if (script === -1 && NODE_RUNNERS.has(runner)) return undefined;
  if (OTHER_RUNNERS.has(runner) && rest.some((word) => /^(?:build|lint|install|test|info|stop|delete|i|x)$/.test(word)))
    return undefined;
  const own = NODE_RUNNERS.has(runner) ? rest.slice(0, script) : rest;
  const nodeOptions = before.flatMap((word) => shellCommands(/^NODE_OPTIONS=(.*)$/s.exec(word)?.[1] ?? '').flat());
  return {
    where,
    command: words.join(' '),
    runner,
    preloads: preloadsOf([...nodeOptions, ...own]),
    latePreloads: NODE_RUNNERS.has(runner) ? preloadsOf(rest.slice(script)) : [],
    hasEnvFile:
      own.some((word) => /^--env-file(?:-if-exists)?(?:=|$)/.test(word)) ||
      before.some((word) => /^dotenvx?$/.test(word)),
  };
}

/** Assignments, wrappers, and their options. */
function isPrelude(word: string): boolean {
  return (
    /^[A-Za-z_]\w*=/s.test(word) ||
    WRAPPERS.has(path.posix.basename(word)) ||
    word.startsWith('-') ||
    word.startsWith('.env')
  );
}

/** Where the options of the runner end. */
function indexOfScript(words: readonly string[]): number {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === 'watch' && at === 0) continue; // tsx watch app.ts
    if (!word.startsWith('-')) return at;
    if (OPTIONS_WITH_VALUE.has(word) && !/^--watch$|^-w$/.test(word)) at++;
  }
  return -1;
}

/** `--import x`, `--import=x`, `-r x`, `--require=x`. */
export function preloadsOf(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    const [, inline] = /^(?:--import|--require|--loader|--experimental-loader)=(.+)$/.exec(word) ?? [];
    if (inline !== undefined) return [inline];
    return /^(?:--import|--require|-r|--loader|--experimental-loader)$/.test(word) ? (words[at + 1] ?? []) : [];
  });
}
