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

const SERVICE = 'Service:';
const FIGURES = 'Figures:';
const COST_CONTROL = 'Cost control:';
const BOOKS = 'Books:';
const SETTINGS = 'Prices and settings:';

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'run the service: OTLP in, figures out',
    group: SERVICE,
    load: async () => (await import('./commands/up.ts')).describeUp,
  },
  {
    name: 'demo',
    summary: 'run it on real recordings and watch',
    group: SERVICE,
    load: async () => (await import('./commands/demo.ts')).describeDemo,
  },
  {
    name: 'import',
    summary: 'send files of OTLP to it',
    group: SERVICE,
    load: async () => (await import('./commands/import.ts')).describeImport,
  },
  {
    name: 'doctor',
    summary: 'find what silently loses data, in an app or in a service',
    group: SERVICE,
    load: async () => (await import('./commands/doctor.ts')).describeDoctor,
  },
  {
    name: 'sessions',
    summary: 'list sessions, running and finalized',
    group: FIGURES,
    load: async () => (await import('./commands/sessions.ts')).describeSessions,
  },
  {
    name: 'session',
    summary: 'show one session: agents, models, tools, turns',
    group: FIGURES,
    load: async () => (await import('./commands/session.ts')).describeSession,
  },
  {
    name: 'workflows',
    summary: 'list workflows with their averages',
    group: FIGURES,
    load: async () => (await import('./commands/workflows.ts')).describeWorkflows,
  },
  {
    name: 'workflow',
    summary: 'show what a run of one workflow normally costs and takes',
    group: FIGURES,
    load: async () => (await import('./commands/workflow.ts')).describeWorkflow,
  },
  {
    name: 'trends',
    summary: 'show cost, sessions and response times by day or hour',
    group: FIGURES,
    load: async () => (await import('./commands/trends.ts')).describeTrends,
  },
  {
    name: 'forecast',
    summary: 'tell what the next days will cost, and how sure that is',
    group: FIGURES,
    load: async () => (await import('./commands/forecast.ts')).describeForecast,
  },
  {
    name: 'backtest',
    summary: 'measure how well end costs of running sessions are projected',
    group: FIGURES,
    load: async () => (await import('./commands/backtest.ts')).describeBacktest,
  },
  {
    name: 'finalize',
    summary: 'end a session and compare it with its workflow',
    group: FIGURES,
    load: async () => (await import('./commands/finalize.ts')).describeFinalize,
  },
  {
    name: 'watch',
    summary: 'watch running sessions against what they were expected to cost',
    group: COST_CONTROL,
    load: async () => (await import('./commands/watch.ts')).describeWatch,
  },
  {
    name: 'cost-check',
    summary: 'tell whether a session is still within what it may cost',
    group: COST_CONTROL,
    load: async () => (await import('./commands/cost-check.ts')).describeCostCheck,
  },
  {
    name: 'policy',
    summary: 'show and write what sessions may cost',
    group: COST_CONTROL,
    load: async () => (await import('./commands/policy.ts')).describePolicy,
  },
  {
    name: 'stop',
    summary: 'have guards stop a session, or all of a workflow',
    group: COST_CONTROL,
    load: async () => (await import('./commands/stop.ts')).describeStop,
  },
  {
    name: 'balance',
    summary: 'show, grant and spend prepaid tokens or dollars',
    group: COST_CONTROL,
    load: async () => (await import('./commands/balance.ts')).describeBalance,
  },
  {
    name: 'alerts',
    summary: 'have a webhook told when something costs, takes or fails too much',
    group: COST_CONTROL,
    load: async () => (await import('./commands/alerts.ts')).describeAlerts,
  },
  {
    name: 'explain',
    summary: 'show for each span of a trace why it counts, or not, and at what price',
    group: BOOKS,
    load: async () => (await import('./commands/explain.ts')).describeExplain,
  },
  {
    name: 'check',
    summary: 'audit: do records, entries, sums and averages agree?',
    group: BOOKS,
    load: async () => (await import('./commands/check.ts')).describeCheck,
  },
  {
    name: 'reprice',
    summary: 'price a time again with the prices of now',
    group: BOOKS,
    load: async () => (await import('./commands/reprice.ts')).describeReprice,
  },
  {
    name: 'export',
    summary: 'write sessions, entries or averages to a file',
    group: BOOKS,
    load: async () => (await import('./commands/export.ts')).describeExport,
  },
  {
    name: 'backup',
    summary: 'write everything into a directory while the service runs',
    group: BOOKS,
    load: async () => (await import('./commands/backup.ts')).describeBackup,
  },
  {
    name: 'restore',
    summary: 'make a data directory of a backup',
    group: BOOKS,
    load: async () => (await import('./commands/restore.ts')).describeRestore,
  },
  {
    name: 'producers',
    summary: 'list who sent data, and what of it was recognized',
    group: BOOKS,
    load: async () => (await import('./commands/producers.ts')).describeProducers,
  },
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
    name: 'keys',
    summary: 'make and revoke keys while the service runs',
    group: SETTINGS,
    load: async () => (await import('./commands/keys.ts')).describeKeys,
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
