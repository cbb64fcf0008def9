import { MODELS, ONE_VERSION, type WorkflowHabit } from '../habits.ts';

/** A model of the tenant's own has no price: costs are a lower bound. Runs at night. */
const invoiceMatching: WorkflowHabit = {
  tenant: 'initech',
  workflow: 'invoice-matching',
  sessionsPerDay: 22,
  rhythm: 'nightly',
  weekendShare: 0.7,
  turnsMax: 7,
  versions: ONE_VERSION,
  agents: [
    {
      name: 'extractor',
      model: MODELS.ownReader,
      promptTokens: 4200,
      cachedShare: 0,
      answerTokens: 300,
      next: { matcher: 1 },
    },
    {
      name: 'matcher',
      model: MODELS.gpt5Mini,
      promptTokens: 6400,
      cachedShare: 0.6,
      answerTokens: 350,
      tools: [{ name: 'find_purchase_order', seconds: 0.7, failureShare: 0.03 }],
      next: { end: 7, auditor: 3 },
    },
    {
      name: 'auditor',
      model: MODELS.sonnet,
      promptTokens: 5200,
      cachedShare: 0.3,
      answerTokens: 450,
      asksPersonShare: 0.1,
      next: { end: 8, matcher: 2 },
    },
  ],
};

/** One session in six has a call that fails. */
const onboarding: WorkflowHabit = {
  tenant: 'initech',
  workflow: 'customer-onboarding',
  sessionsPerDay: 14,
  rhythm: 'office',
  weekendShare: 0.4,
  turnsMax: 10,
  versions: ONE_VERSION,
  agents: [
    {
      name: 'guide',
      model: MODELS.haiku,
      promptTokens: 5200,
      cachedShare: 0.65,
      answerTokens: 320,
      asksPersonShare: 0.5,
      failureShare: 0.03,
      next: { verifier: 6, guide: 3, end: 1 },
    },
    {
      name: 'verifier',
      model: MODELS.sonnet,
      promptTokens: 4800,
      cachedShare: 0.4,
      answerTokens: 260,
      failureShare: 0.03,
      tools: [{ name: 'check_identity', seconds: 4.5, failureShare: 0.08 }],
      next: { guide: 4, end: 6 },
    },
  ],
};

export const INITECH: readonly WorkflowHabit[] = [invoiceMatching, onboarding];
