// All commands, in the order of the help. A command's file is loaded when the command runs, so that the others cost nothing.

import type { Command } from 'commander';
import type { Invocation } from './invocation.ts';

export interface CommandEntry {
  readonly name: string;
  /** One line for the list of all commands. */
  readonly summary: string;
  readonly group: string;
  /** Its options, help and action. */
  readonly load: () => Promise<(invocation: Invocation) => Command>;
}

const SETTINGS = 'Prices and settings:';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'profile',
    summary: 'try on files what records would count as',
    group: SETTINGS,
    load: async () => (await import('./commands/profile.ts')).describeProfile,
  },
  {
    name: 'prices',
    summary: 'show what a model costs, and whose price that is',
    group: SETTINGS,
    load: async () => (await import('./commands/prices.ts')).describePrices,
  },
  {
    name: 'config',
    summary: 'list all settings with their values and defaults',
    group: SETTINGS,
    load: async () => (await import('./commands/config.ts')).describeConfig,
  },
  {
    name: 'version',
    summary: 'print versions of this program and what it runs on',
    group: SETTINGS,
    load: async () => (await import('./commands/version.ts')).describeVersion,
  },
];
