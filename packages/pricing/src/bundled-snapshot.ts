import { findProvider } from '@pydantic/genai-prices';
import { parseSnapshot, type PriceSnapshot } from './snapshot.ts';

/**
 * The price list this version was tested with. A test compares it with the installed package, so that new prices come in by
 * a commit that says so and never unnoticed.
 */
export const BUNDLED_PRICES = {
  label: 'genai-prices@0.1.8',
  sha256: '91a9f7d8b0186e09e8fb05d76b882c464970a6d5ee12cb33c96bea078a37eea2',
  // The package shows its data only provider by provider, unless one waits for a promise; and a module that waits
  // cannot be loaded with require().
  providerIds: [
    'anthropic',
    'arcee',
    'avian',
    'aws',
    'azure',
    'baseten',
    'cerebras',
    'cloudflare',
    'cohere',
    'cursor',
    'deepseek',
    'doubleword',
    'fireworks',
    'github-copilot',
    'google',
    'groq',
    'huggingface_cerebras',
    'huggingface_fireworks-ai',
    'huggingface_groq',
    'huggingface_hyperbolic',
    'huggingface_nebius',
    'huggingface_novita',
    'huggingface_nscale',
    'huggingface_ovhcloud',
    'huggingface_publicai',
    'huggingface_sambanova',
    'huggingface_together',
    'minimax',
    'mistral',
    'modal',
    'moonshotai',
    'novita',
    'openai',
    'openrouter',
    'ovhcloud',
    'perplexity',
    'quicksilverpro',
    'together',
    'typesafe',
    'voyageai',
    'x-ai',
    'zai',
    'zhipuai',
  ],
} as const;

let bundled: PriceSnapshot | undefined;

/** The price list of the installed `@pydantic/genai-prices`, read once. Nothing is fetched. */
export function bundledSnapshot(): PriceSnapshot {
  bundled ??= readBundledSnapshot();
  return bundled;
}

function readBundledSnapshot(): PriceSnapshot {
  const providers = BUNDLED_PRICES.providerIds.map((providerId) => findProvider({ providerId }));
  const snapshot = parseSnapshot(providers, { label: BUNDLED_PRICES.label });
  // Someone else in this process may have called the package's own updatePrices: say so in every book version.
  return snapshot.sha256 === BUNDLED_PRICES.sha256 ? snapshot : { ...snapshot, label: `${snapshot.label}-changed` };
}
