import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Backtest, backtesting, type FinishedSession } from '@turnmeter/budget';
import type { WorkflowDocument } from '../../serve/documents/workflow-document.ts';
import { readFinishedSession, type WorkflowHistoryDocument } from '../../serve/documents/workflow-history-document.ts';
import type { ApiClient } from '../client/api-client.ts';
import { withService } from '../client/with-service.ts';
import { CommandError } from '../command-error.ts';
import type { BacktestOptions } from '../commands/backtest.ts';
import type { Invocation } from '../invocation.ts';
import { plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import { Spinner } from '../text/spinner.ts';
import { backtestDocument, type WorkflowBacktestDocument } from './backtest-document.ts';
import { printBacktests } from './print-backtests.ts';

/** Without a name, so many: those of the most sessions. */
const WORKFLOWS_MAX = 20;

/** Runs `turnmeter backtest`. */
export async function runBacktest(invocation: Invocation, options: BacktestOptions): Promise<void> {
  await withService(invocation, options, async ({ api }) => {
    const working = new Spinner(invocation, 'reading workflows');
    const done: WorkflowBacktestDocument[] = [];
    try {
      for (const workflow of await workflowsOf(api, options.workflow)) {
        working.text = `reading ${shown(workflow)}`;
        const sessions = await readHistory(api, workflow, options.sessions);
        const test = await testHistory(invocation, sessions, (share) => {
          working.text = `replaying ${plural(sessions.length, 'session')} of ${shown(workflow)}, ${Math.floor(share * 100)} %`;
        });
        done.push(backtestDocument(workflow, test));
      }
    } finally {
      working.stop();
    }
    if (done.every(({ sessions }) => sessions === 0)) throw nothingToTest(options.workflow);
    if (options.json === true) invocation.printJson({ workflows: done });
    else printBacktests(invocation, done);
  });
}

async function workflowsOf(api: ApiClient, workflow: string | undefined): Promise<readonly string[]> {
  if (workflow !== undefined) return [workflow];
  const { workflows } = await api.get<{ readonly workflows: readonly WorkflowDocument[] }>('api/v1/workflows');
  return workflows.slice(0, WORKFLOWS_MAX).map(({ workflow: name }) => name);
}

async function readHistory(api: ApiClient, workflow: string, limit: number): Promise<readonly FinishedSession[]> {
  const path = `api/v1/workflows/${encodeURIComponent(workflow)}/history`;
  const { sessions } = await api.get<WorkflowHistoryDocument>(path, { limit });
  return sessions.map(readFinishedSession);
}

/** In steps, so that progress is seen and Ctrl-C is heard. */
async function testHistory(
  { signal }: Invocation,
  sessions: readonly FinishedSession[],
  onProgress: (share: number) => void,
): Promise<Backtest> {
  const steps = backtesting(sessions);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    onProgress(value.done / value.looks);
    await nextTurn();
    signal.throwIfAborted();
  }
}

function nothingToTest(workflow: string | undefined): CommandError {
  const of = workflow === undefined ? '' : ` of ${JSON.stringify(workflow)}`;
  return new CommandError(`there are no finalized sessions${of} to test on`, {
    advice: [
      'Sessions are finalized when they are idle for a while, or by `turnmeter finalize <id>`.',
      'Those without turns, and those in which something has no price, are left out.',
    ],
  });
}
