import { MODELS, ONE_VERSION, type WorkflowHabit } from '../habits.ts';

/** Pays from a balance that is soon used up, and costs a little more every day. */
const literatureReview: WorkflowHabit = {
  tenant: 'umbrella',
  workflow: 'literature-review',
  sessionsPerDay: 12,
  rhythm: 'evening',
  weekendShare: 0.8,
  turnsMax: 13,
  dailyGrowth: 0.015,
  versions: ONE_VERSION,
  agents: [
    {
      name: 'librarian',
      model: MODELS.geminiFlash,
      promptTokens: 12_000,
      cachedShare: 0.2,
      answerTokens: 500,
      tools: [{ name: 'search_papers', seconds: 2.2, failureShare: 0.02 }],
      next: { reader: 8, librarian: 2 },
    },
    {
      name: 'reader',
      model: MODELS.geminiPro,
      promptTokens: 42_000,
      cachedShare: 0.25,
      answerTokens: 900,
      reasoningShare: 0.3,
      next: { skeptic: 5, reader: 3, librarian: 2 },
    },
    {
      name: 'skeptic',
      model: MODELS.gpt5,
      promptTokens: 9000,
      cachedShare: 0.2,
      answerTokens: 700,
      reasoningShare: 0.6,
      next: { end: 6, reader: 4 },
    },
  ],
};

const dataCleaning: WorkflowHabit = {
  tenant: 'umbrella',
  workflow: 'data-cleaning',
  sessionsPerDay: 18,
  rhythm: 'always',
  weekendShare: 1,
  turnsMax: 8,
  versions: ONE_VERSION,
  agents: [
    {
      name: 'profiler',
      model: MODELS.gpt5Mini,
      promptTokens: 3600,
      cachedShare: 0.5,
      answerTokens: 380,
      tools: [{ name: 'run_query', seconds: 1.1, failureShare: 0.05 }],
      next: { cleaner: 8, end: 2 },
    },
    {
      name: 'cleaner',
      model: MODELS.gpt5Mini,
      promptTokens: 5400,
      cachedShare: 0.5,
      answerTokens: 640,
      tools: [{ name: 'run_query', seconds: 1.1, failureShare: 0.05 }],
      next: { profiler: 3, end: 7 },
    },
  ],
};

export const UMBRELLA: readonly WorkflowHabit[] = [literatureReview, dataCleaning];
