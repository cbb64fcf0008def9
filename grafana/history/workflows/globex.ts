import { EVER, MODELS, ONE_VERSION, type WorkflowHabit } from '../habits.ts';

/** Runs over its month. */
const codeReview: WorkflowHabit = {
  tenant: 'globex',
  workflow: 'code-review',
  sessionsPerDay: 26,
  rhythm: 'office',
  weekendShare: 0.35,
  turnsMax: 14,
  versions: [
    { name: '0.8', daysAgo: EVER, promptFactor: 1 },
    { name: '0.9', daysAgo: 15, promptFactor: 1.15 },
  ],
  agents: [
    {
      name: 'reviewer',
      model: MODELS.opus,
      promptTokens: 11_000,
      cachedShare: 0.55,
      answerTokens: 800,
      tools: [{ name: 'read_diff', seconds: 0.4 }],
      next: { tester: 6, fixer: 3, end: 1 },
    },
    {
      name: 'tester',
      model: MODELS.haiku,
      promptTokens: 7000,
      cachedShare: 0.5,
      answerTokens: 500,
      tools: [{ name: 'run_tests', seconds: 21, failureShare: 0.16 }],
      next: { fixer: 5, reviewer: 3, end: 2 },
    },
    {
      name: 'fixer',
      model: MODELS.sonnet,
      promptTokens: 13_000,
      cachedShare: 0.6,
      answerTokens: 1400,
      tools: [{ name: 'apply_patch', seconds: 0.6, failureShare: 0.07 }],
      next: { tester: 6, reviewer: 2, end: 2 },
    },
  ],
};

const incidentSummary: WorkflowHabit = {
  tenant: 'globex',
  workflow: 'incident-summary',
  sessionsPerDay: 24,
  rhythm: 'always',
  weekendShare: 0.9,
  turnsMax: 6,
  versions: ONE_VERSION,
  bursts: [{ hoursAgo: 52, hours: 3, factor: 14 }],
  agents: [
    {
      name: 'collector',
      model: MODELS.geminiFlash,
      promptTokens: 9000,
      cachedShare: 0.2,
      answerTokens: 400,
      tools: [{ name: 'query_logs', seconds: 3.2, failureShare: 0.05 }],
      next: { summarizer: 8, collector: 2 },
    },
    {
      name: 'summarizer',
      model: MODELS.geminiPro,
      promptTokens: 6000,
      cachedShare: 0.25,
      answerTokens: 600,
      next: { end: 1 },
    },
  ],
};

export const GLOBEX: readonly WorkflowHabit[] = [codeReview, incidentSummary];
