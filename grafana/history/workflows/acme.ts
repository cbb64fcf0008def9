import { EVER, MODELS, ONE_VERSION, type WorkflowHabit } from '../habits.ts';

const supportTriage: WorkflowHabit = {
  tenant: 'acme',
  workflow: 'support-triage',
  sessionsPerDay: 60,
  rhythm: 'evening',
  weekendShare: 0.6,
  turnsMax: 9,
  versions: [
    { name: '3.0', daysAgo: EVER, promptFactor: 1 },
    { name: '3.1', daysAgo: 19, promptFactor: 0.9 },
  ],
  agents: [
    {
      name: 'router',
      model: MODELS.gpt5Mini,
      promptTokens: 1400,
      cachedShare: 0.7,
      answerTokens: 90,
      next: { researcher: 6, writer: 3, escalation: 1 },
    },
    {
      name: 'researcher',
      model: MODELS.gpt5Mini,
      promptTokens: 5200,
      cachedShare: 0.45,
      answerTokens: 420,
      tools: [
        { name: 'search_tickets', seconds: 0.9, failureShare: 0.02 },
        { name: 'read_order', seconds: 0.3 },
      ],
      next: { writer: 7, researcher: 2, escalation: 1 },
    },
    {
      name: 'writer',
      model: MODELS.gpt5,
      promptTokens: 3800,
      cachedShare: 0.5,
      answerTokens: 520,
      reasoningShare: 0.4,
      next: { end: 8, researcher: 2 },
    },
    {
      name: 'escalation',
      model: MODELS.gpt5,
      promptTokens: 4600,
      cachedShare: 0.3,
      answerTokens: 300,
      asksPersonShare: 0.7,
      next: { writer: 5, end: 5 },
    },
  ],
};

/** Its context grows turn by turn, and one session of it does not come to an end. */
const contractReview: WorkflowHabit = {
  tenant: 'acme',
  workflow: 'contract-review',
  sessionsPerDay: 9,
  rhythm: 'office',
  weekendShare: 0.25,
  turnsMax: 16,
  versions: ONE_VERSION,
  outlierMinutesAgo: 26,
  agents: [
    {
      name: 'planner',
      model: MODELS.sonnet,
      promptTokens: 9000,
      cachedShare: 0.2,
      answerTokens: 700,
      next: { reader: 1 },
    },
    {
      name: 'reader',
      model: MODELS.haiku,
      promptTokens: 26_000,
      cachedShare: 0.6,
      answerTokens: 900,
      tools: [{ name: 'open_document', seconds: 1.8, failureShare: 0.03 }],
      next: { critic: 7, reader: 3 },
    },
    {
      name: 'critic',
      model: MODELS.sonnet,
      promptTokens: 14_000,
      cachedShare: 0.35,
      answerTokens: 1100,
      next: { reader: 5, drafter: 5 },
    },
    {
      name: 'drafter',
      model: MODELS.sonnet,
      promptTokens: 12_000,
      cachedShare: 0.3,
      answerTokens: 1800,
      asksPersonShare: 0.25,
      next: { end: 7, critic: 3 },
    },
  ],
};

/** Version 1.5 sends whole pages where 1.4 sent excerpts. */
const salesResearch: WorkflowHabit = {
  tenant: 'acme',
  workflow: 'sales-research',
  sessionsPerDay: 16,
  rhythm: 'office',
  weekendShare: 0.3,
  turnsMax: 12,
  versions: [
    { name: '1.4', daysAgo: EVER, promptFactor: 1 },
    { name: '1.5', daysAgo: 3.4, promptFactor: 2.1 },
  ],
  agents: [
    {
      name: 'lead',
      model: MODELS.gpt5,
      promptTokens: 2600,
      cachedShare: 0.4,
      answerTokens: 380,
      reasoningShare: 0.5,
      next: { browser: 8, analyst: 2 },
    },
    {
      name: 'browser',
      model: MODELS.geminiFlash,
      promptTokens: 18_000,
      cachedShare: 0.1,
      answerTokens: 650,
      failureShare: 0.03,
      tools: [
        { name: 'web_search', seconds: 1.4, failureShare: 0.04 },
        { name: 'read_page', seconds: 2.6, failureShare: 0.08 },
      ],
      next: { browser: 4, analyst: 6 },
    },
    {
      name: 'analyst',
      model: MODELS.gpt5,
      promptTokens: 8000,
      cachedShare: 0.3,
      answerTokens: 1200,
      reasoningShare: 0.5,
      next: { end: 6, browser: 3, lead: 1 },
    },
  ],
};

export const ACME: readonly WorkflowHabit[] = [supportTriage, contractReview, salesResearch];
