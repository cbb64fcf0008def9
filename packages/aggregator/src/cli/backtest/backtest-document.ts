// A backtest as `--json` has it, in the API's spelling of names.

import type { Backtest, ForecastScore } from '@turnmeter/budget';

export interface ForecastScoreDocument {
  readonly sessions: number;
  readonly forecasts: number;
  readonly coverage: number | null;
  readonly coverage_standard_error: number | null;
  readonly below: number | null;
  readonly above: number | null;
  readonly relative_width: number | null;
  readonly mean_absolute_percentage_error: number | null;
  readonly pinball_loss: number | null;
}

export interface WorkflowBacktestDocument {
  readonly workflow: string;
  readonly sessions: number;
  /** Looks at sessions while they ran. */
  readonly looks: number;
  /** Looks to which "not enough history" was the answer. */
  readonly not_enough_history: number;
  readonly level: 0.9;
  readonly projection: ForecastScoreDocument;
  /** By their spending alone, as checks project that tell no turns. */
  readonly by_spending: ForecastScoreDocument;
  /** Of sessions in the first, second and last third of their turns. */
  readonly thirds: readonly ForecastScoreDocument[];
  readonly naive: {
    readonly workflow_mean: ForecastScoreDocument;
    readonly linear_in_turns: ForecastScoreDocument;
  };
}

export function backtestDocument(workflow: string, test: Backtest): WorkflowBacktestDocument {
  const { sessions, looks, unanswered, projection, bySpending, thirds, naive } = test;
  return {
    workflow,
    sessions,
    looks,
    not_enough_history: unanswered,
    level: 0.9,
    projection: scoreDocument(projection),
    by_spending: scoreDocument(bySpending),
    thirds: thirds.map(scoreDocument),
    naive: {
      workflow_mean: scoreDocument(naive.workflow_mean),
      linear_in_turns: scoreDocument(naive.linear_in_turns),
    },
  };
}

function scoreDocument(score: ForecastScore): ForecastScoreDocument {
  return {
    sessions: score.sessions,
    forecasts: score.forecasts,
    coverage: score.coverage ?? null,
    coverage_standard_error: score.coverageError ?? null,
    below: score.below ?? null,
    above: score.above ?? null,
    relative_width: score.relativeWidth ?? null,
    mean_absolute_percentage_error: score.percentageError ?? null,
    pinball_loss: score.pinballLoss ?? null,
  };
}
