import { Command, InvalidArgumentError, Option } from 'commander';
import type { SessionDocument } from '../../serve/documents/session-schema.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, parseInteger, parseTime, type ServiceOptions } from '../options.ts';

const HELP = `
Times are UTC: 2026-11-01, 2026-11-01T09:00Z, or how long ago: 90s, 15m, 24h, 7d. Before a cost, ~ is an estimate and ≥ a lower bound.
Calls that belong to no session are one row for each workflow.

Examples:
  $ turnmeter sessions
  $ turnmeter sessions --state running
  $ turnmeter sessions --workflow support-triage --from 7d --order cost
  $ turnmeter sessions --min-cost 0.50 --agent Critic --limit 100
  $ turnmeter sessions --json | jq '.sessions[] | select(.errors > 0).session_id'
`;

export interface SessionsOptions extends ServiceOptions {
  readonly workflow?: string;
  readonly workflowVersion?: string;
  readonly state?: string;
  readonly from?: string;
  readonly to?: string;
  readonly user?: string;
  readonly agent?: string;
  readonly model?: string;
  readonly minCost?: number;
  readonly prefix?: string;
  readonly order: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Answer of `GET /api/v1/sessions`. */
export interface SessionsDocument {
  readonly sessions: readonly SessionDocument[];
  readonly next_cursor: string | null;
}

const LIMIT_DEFAULT = 20;

export function describeSessions(invocation: Invocation): Command {
  const command = new Command('sessions')
    .description('Lists sessions with what they took and cost, the latest first.')
    .option('-w, --workflow <name>', 'only of this workflow')
    .option('--workflow-version <version>', 'only of this version of it')
    .addOption(new Option('--state <state>', 'only those that run, or that are over').choices(['running', 'finalized']))
    .option('--from <time>', 'began at this time or later', parseTime)
    .option('--to <time>', 'began before this time', parseTime)
    .option('--user <name>', 'only of this user')
    .option('--agent <name>', 'this agent spoke or made calls')
    .option('--model <name>', 'this model was called')
    .option('--min-cost <usd>', 'cost at least so much', parseUsd)
    .option('--prefix <text>', 'the session id begins so')
    .addOption(
      new Option('--order <by>', 'the latest, dearest, largest or longest first')
        .choices(['start', 'cost', 'tokens', 'duration'])
        .default('start'),
    )
    .option('-n, --limit <count>', 'so many at most, up to 1000', parseInteger, LIMIT_DEFAULT)
    .option('--cursor <cursor>', 'go on behind a list; the list before says with what')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (options: SessionsOptions) => {
    const { printSessions } = await import('../figures/print-sessions.ts');
    await withService(invocation, options, async ({ api }) => {
      const list = await api.get<SessionsDocument>('api/v1/sessions', queryOf(options));
      if (options.json === true) invocation.printJson(list);
      else printSessions(invocation, list, options);
    });
  });
}

function queryOf({
  minCost,
  prefix,
  workflowVersion: version,
  ...options
}: SessionsOptions): Readonly<Record<string, string | number | undefined>> {
  const { workflow, state, from, to, user, agent, model, order, limit, cursor } = options;
  const filter = { workflow, version, state, from, to, user, agent, model, min_cost_usd: minCost, id_prefix: prefix };
  return { ...filter, order, limit, cursor };
}

function parseUsd(text: string): number {
  const usd = Number(text.replace(/^\$/, ''));
  if (text.trim() === '' || Number.isNaN(usd) || usd < 0)
    throw new InvalidArgumentError('Expected dollars, like 0.50.');
  return usd;
}
