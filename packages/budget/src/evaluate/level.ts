/** How far a session has come towards its limits; ascending. */
export const Level = { OK: 'ok', WARNING: 'warning', CRITICAL: 'critical', STOP: 'stop' } as const;
export type Level = (typeof Level)[keyof typeof Level];

/** The same in the words of `checkWorkflowCostThresholds`. */
export const BudgetStatus = {
  WITHIN: 'within_limits',
  APPROACHING: 'approaching_limit',
  EXCEEDED: 'exceeded_limit',
} as const;
export type BudgetStatus = (typeof BudgetStatus)[keyof typeof BudgetStatus];

/** What is to be done; ascending. */
export const BudgetAction = {
  NONE: 'none',
  /** Say so. */
  NOTIFY: 'notify',
  /** Make further calls cheaper, as the policy says. */
  DEGRADE: 'degrade',
  /** Wait until somebody decides. */
  PAUSE: 'pause',
  /** Make no further calls. */
  STOP: 'stop',
} as const;
export type BudgetAction = (typeof BudgetAction)[keyof typeof BudgetAction];

const LEVELS: readonly Level[] = Object.values(Level);
const ACTIONS: readonly BudgetAction[] = Object.values(BudgetAction);

/** Whether a level is as high as another, or higher. */
export function isAtLeast(level: Level, other: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(other);
}

/** The highest of some levels. */
export function highestLevel(levels: readonly Level[]): Level {
  return levels.reduce((highest, level) => (isAtLeast(level, highest) ? level : highest), Level.OK);
}

/** The strongest of some actions. */
export function strongestAction(actions: readonly BudgetAction[]): BudgetAction {
  return ACTIONS[Math.max(0, ...actions.map((action) => ACTIONS.indexOf(action)))] ?? BudgetAction.NONE;
}

/** Warning and critical approach a limit, stop has passed one. */
export function statusOf(level: Level): BudgetStatus {
  switch (level) {
    case Level.OK:
      return BudgetStatus.WITHIN;
    case Level.WARNING:
    case Level.CRITICAL:
      return BudgetStatus.APPROACHING;
    case Level.STOP:
      return BudgetStatus.EXCEEDED;
  }
}
