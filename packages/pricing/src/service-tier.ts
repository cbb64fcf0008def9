import { ONE, parseRatio, type Decimal, type Ratio } from './money.ts';

/** What a service tier makes of the list price. */
export interface TierFactor {
  /** The tier in one spelling: `default` for the list price itself, `other` for a tier nobody published a factor for. */
  readonly tier: string;
  readonly ratio: Ratio;
  /** Whether the provider publishes this factor for this model; if not, it is our assumption. */
  readonly isPublished: boolean;
}

interface TierRule {
  readonly tier: string;
  /** Model ids that start with this; all models if left out. The first rule that fits counts. */
  readonly models?: string;
  readonly factor: Decimal | readonly [numerator: number, denominator: number];
  readonly isPublished: boolean;
}

const DEFAULT_TIERS: ReadonlySet<string> = new Set([
  '',
  'default',
  'standard',
  'standard_only',
  'on_demand',
  'unspecified',
  'traffic_type_unspecified',
]);

const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['on_demand_priority', 'priority'],
  ['on_demand_flex', 'flex'],
  ['batches', 'batch'],
]);

/** Factors by provider id of the price list. Tokens only: searches and other fees cost the same in every tier. */
const RULES: Readonly<Record<string, readonly TierRule[]>> = {
  // https://developers.openai.com/api/docs/pricing (batch and flex: half), https://openai.com/api-priority-processing
  // (priority: 12.50 for 5.00 of GPT-5.5, 0.45 for 0.25 of GPT-5 mini, 3.50 for 2.00 of GPT-4.1, else twice), and the pages
  // of the GPT-6 models ("Fast mode costs twice the Standard rate", the same tier under its newer name).
  openai: [
    { tier: 'batch', factor: '0.5', isPublished: true },
    { tier: 'flex', factor: '0.5', isPublished: true },
    { tier: 'priority', models: 'gpt-5.5', factor: '2.5', isPublished: true },
    { tier: 'priority', models: 'gpt-5-mini', factor: '1.8', isPublished: true },
    { tier: 'priority', models: 'gpt-5-nano', factor: 2, isPublished: false },
    { tier: 'priority', models: 'gpt-5.3', factor: 2, isPublished: false },
    { tier: 'priority', models: 'gpt-5.6', factor: 2, isPublished: false },
    { tier: 'priority', models: 'gpt-5', factor: 2, isPublished: true },
    { tier: 'priority', models: 'gpt-6', factor: 2, isPublished: true },
    { tier: 'priority', models: 'gpt-4.1-nano', factor: 2, isPublished: false },
    { tier: 'priority', models: 'gpt-4.1-mini', factor: '1.75', isPublished: false },
    { tier: 'priority', models: 'gpt-4.1', factor: '1.75', isPublished: true },
    { tier: 'priority', models: 'gpt-4o-mini', factor: [5, 3], isPublished: false },
    { tier: 'priority', models: 'gpt-4o', factor: '1.7', isPublished: false },
    { tier: 'priority', models: 'o3', factor: '1.75', isPublished: false },
    { tier: 'priority', models: 'o4-mini', factor: [20, 11], isPublished: false },
    { tier: 'priority', factor: 2, isPublished: false },
  ],
  // https://platform.claude.com/docs/en/about-claude/pricing: batch halves all usage, cache writes and reads included; fast
  // mode was six times the price and is twice since Opus 4.8. Priority Tier is paid for in advance: no factor.
  anthropic: [
    { tier: 'batch', factor: '0.5', isPublished: true },
    { tier: 'fast', models: 'claude-opus-4-6', factor: 6, isPublished: true },
    { tier: 'fast', models: 'claude-opus-4-7', factor: 6, isPublished: true },
    { tier: 'fast', factor: 2, isPublished: true },
  ],
  // https://ai.google.dev/gemini-api/docs/optimization: batch and flex half, priority "75% to 100% more"; 1.8 by the pages of
  // the models named.
  google: [
    { tier: 'batch', factor: '0.5', isPublished: true },
    { tier: 'flex', factor: '0.5', isPublished: true },
    { tier: 'priority', models: 'gemini-3.7', factor: '1.8', isPublished: true },
    { tier: 'priority', models: 'gemini-3.8', factor: '1.8', isPublished: true },
    { tier: 'priority', factor: '1.8', isPublished: false },
  ],
  // https://aws.amazon.com/bedrock/pricing: batch half. Flex and priority are "discounted" and "premium" without a number.
  aws: [
    { tier: 'batch', factor: '0.5', isPublished: true },
    { tier: 'flex', factor: '0.5', isPublished: false },
    { tier: 'priority', factor: '1.75', isPublished: false },
  ],
  // https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch: Global Batch half.
  azure: [
    { tier: 'batch', factor: '0.5', isPublished: false },
    { tier: 'priority', factor: 2, isPublished: false },
  ],
  // https://console.groq.com/docs/batch and /docs/flex-processing ("Pricing matches the on-demand tier").
  groq: [
    { tier: 'batch', factor: '0.5', isPublished: false },
    { tier: 'flex', factor: 1, isPublished: true },
  ],
  // https://docs.mistral.ai/capabilities/batch
  mistral: [{ tier: 'batch', factor: '0.5', isPublished: false }],
  // https://platform.kimi.ai/docs/pricing/batch: 60 % of the price.
  moonshotai: [{ tier: 'batch', factor: '0.6', isPublished: true }],
  // https://docs.voyageai.com/docs/batch-inference: 33 % off.
  voyageai: [{ tier: 'batch', factor: '0.67', isPublished: true }],
  // https://www.together.ai/pricing: half "for most models".
  together: [{ tier: 'batch', factor: '0.5', isPublished: false }],
  // https://docs.fireworks.ai/guides/batch-inference
  fireworks: [{ tier: 'batch', factor: '0.5', isPublished: false }],
  // https://docs.x.ai/developers/pricing: 20 % to 50 % off by model, priority at a premium.
  'x-ai': [
    { tier: 'batch', factor: '0.5', isPublished: false },
    { tier: 'priority', factor: 2, isPublished: false },
  ],
};

/** One spelling for a tier: 'SERVICE_TIER_PRIORITY' is 'priority', 'on-demand' is 'default'. */
export function normalizeServiceTier(serviceTier: string | undefined): string {
  const plain = (serviceTier ?? '')
    .trim()
    .toLowerCase()
    .replaceAll('-', '_')
    .replace(/^service_tier_/, '');
  return DEFAULT_TIERS.has(plain) ? 'default' : (SPELLINGS.get(plain) ?? plain);
}

/** The factor of a normalized tier for a model of the price list. A tier nobody published a factor for costs the list price. */
export function tierFactor(tier: string, providerId: string, modelId: string): TierFactor {
  if (tier === 'default') {
    return { tier, ratio: ONE, isPublished: true };
  }
  const rules = Object.hasOwn(RULES, providerId) ? (RULES[providerId] ?? []) : [];
  // OpenAI renamed its priority tier to fast mode.
  const wanted = tier === 'fast' && providerId !== 'anthropic' ? 'priority' : tier;
  const rule = rules.find(({ tier: named, models = '' }) => named === wanted && modelId.startsWith(models));
  return rule === undefined
    ? { tier: 'other', ratio: ONE, isPublished: false }
    : { tier, ratio: toRatio(rule.factor), isPublished: rule.isPublished };
}

/** The tiers with a factor of their own, for descriptions. */
export function tiersOf(providerId: string): readonly string[] {
  const rules = Object.hasOwn(RULES, providerId) ? (RULES[providerId] ?? []) : [];
  return [...new Set(rules.map(({ tier }) => tier))];
}

function toRatio(factor: TierRule['factor']): Ratio {
  if (typeof factor === 'string' || typeof factor === 'number') {
    return parseRatio(factor) ?? ONE;
  }
  return { numerator: BigInt(factor[0]), denominator: BigInt(factor[1]) };
}
