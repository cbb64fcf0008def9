/** What a finding does to figures, the worst first. */
export const Severity = {
  /** Calls, tokens or whole runs never arrive, and nothing says so. */
  LOSES_DATA: 'loses_data',
  /** Data arrive, and what is made of them is not what happened. */
  WRONG_FIGURES: 'wrong_figures',
  /** Figures are right; something could be better, or could not be looked at. */
  ADVICE: 'advice',
  /** Looked at, and as it should be. */
  FINE: 'fine',
} as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/** Severities, the worst first. */
export const SEVERITIES: readonly Severity[] = Object.values(Severity);

/** What one check says about one thing. */
export interface Diagnosis {
  readonly severity: Severity;
  /** What was found, in one sentence, with package@version or the setting's name. */
  readonly found: string;
  /** Files, settings or services it was found in: `package.json: scripts.start`, `src/chat.ts:12`, `service writer`. */
  readonly where?: readonly string[];
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** What to do: commands to run or lines to change, one a line. Empty where nothing needs to be done. */
  readonly fix: readonly string[];
  /** Concluded from the look of things, which may deceive. @default false */
  readonly isHeuristic?: boolean;
}

export interface Finding extends Diagnosis {
  /** Stable name of the check, as `api-versions`. */
  readonly check: string;
  /** Folder of the app, relative to the one that was inspected (`.` for itself); the address, for a service. */
  readonly subject: string;
}

/** Does a finding mean that figures cannot be trusted? */
export function isProblem({ severity }: Pick<Finding, 'severity'>): boolean {
  return severity === Severity.LOSES_DATA || severity === Severity.WRONG_FIGURES;
}
