// The made-up tenants' workflows, each with a habit of its own.

import { MODELS, type VersionHabit, type WorkflowHabit } from './habits.ts';

/** Longer ago than the history is. */
const EVER = 1000;
const ONE_VERSION: readonly VersionHabit[] = [{ name: '2.1', daysAgo: EVER, promptFactor: 1 }];

/** Turns of a session that goes round in circles, at most. */
export const OUTLIER_TURNS_MAX = 90;

const supportTriage: WorkflowHabit = {
  tenant: 'acme',
  workflow: 'support-triage',
  sessionsPerDay: 90,
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
    { name: '1.5', daysAgo: 8.4, promptFactor: 2.1 },
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
  sessionsPerDay: 36,
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

/** A model of the tenant's own has no price: costs are a lower bound. Runs at night. */
const invoiceMatching: WorkflowHabit = {
  tenant: 'initech',
  workflow: 'invoice-matching',
  sessionsPerDay: 30,
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

export const WORKFLOWS: readonly WorkflowHabit[] = [
  supportTriage,
  contractReview,
  salesResearch,
  codeReview,
  incidentSummary,
  invoiceMatching,
  onboarding,
  literatureReview,
  dataCleaning,
];

export const TENANTS: readonly string[] = [...new Set(WORKFLOWS.map(({ tenant }) => tenant))];
