import { expect, test } from 'vitest';
import { bundledSnapshot } from '../src/bundled-snapshot.ts';
import { createModelFinder, type CallNames } from '../src/find-model.ts';

const find = createModelFinder(bundledSnapshot());

/** 'listed provider/model' and the assumptions, or the reason why there is none. */
function found(names: CallNames): string {
  const result = find(names);
  return typeof result === 'string'
    ? result
    : [`${result.listedBy.id}/${result.model.id}`, ...result.reasons].join(' ');
}

test.each([
  ['openai', 'openai'],
  ['openai.chat', 'openai'],
  ['openai.responses', 'openai'],
  ['responses', 'openai'],
  ['responses_v2', 'openai'],
  ['openai_v2', 'openai'],
  ['OpenAI', 'openai'],
])('takes %s for the price list’s %s', (provider, id) => {
  expect(found({ provider, model: 'gpt-4o' })).toBe(`${id}/gpt-4o`);
});

test.each([
  ['anthropic.messages', 'claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
  ['anthropic_v2', 'claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
  ['x_ai', 'grok-4-0709', 'x-ai/grok-4-0709'],
  ['xai.chat', 'grok-4-0709', 'x-ai/grok-4-0709'],
  ['gcp.gen_ai', 'gemini-2.5-pro', 'google/gemini-2.5-pro'],
  ['gcp.vertex_ai', 'gemini-2.5-pro', 'google/gemini-2.5-pro'],
  ['gcp.gemini', 'models/gemini-2.5-pro', 'google/gemini-2.5-pro'],
  ['vertex_ai', 'claude-sonnet-4-5@20250929', 'google/claude-sonnet-4-5'],
  ['google.generative-ai', 'gemini-2.5-flash', 'google/gemini-2.5-flash'],
  ['google.vertex.chat', 'gemini-2.5-flash', 'google/gemini-2.5-flash'],
  ['azure.ai.inference', 'gpt-4o', 'openai/gpt-4o'],
  ['azure.ai.openai', 'gpt-4o-2024-08-06', 'openai/gpt-4o'],
  ['aws.bedrock', 'amazon.nova-pro-v1:0', 'aws/amazon.nova-pro-v1:0'],
  ['bedrock_v2', 'us.amazon.nova-pro-v1:0', 'aws/amazon.nova-pro-v1:0'],
  ['mistral_ai', 'mistral-large-latest', 'mistral/mistral-large'],
  ['moonshot_ai', 'kimi-k2.5', 'moonshotai/kimi-k2.5'],
  ['groq', 'llama-3.3-70b-versatile', 'groq/llama-3.3-70b-versatile'],
  ['perplexity', 'sonar', 'perplexity/sonar'],
])('finds %s %s at %s', (provider, model, entry) => {
  expect(found({ provider, model })).toBe(entry);
});

test.each(['litellm', 'autogen', 'ag2', 'strands-agents', 'gcp.vertex.agent', undefined, ''])(
  'goes by the model’s maker where the provider is %s',
  (provider) => {
    expect(found({ provider, model: 'gemini-2.5-pro' })).toBe('google/gemini-2.5-pro provider_inferred');
    expect(found({ provider, model: 'gpt-4.1-mini-2025-04-14' })).toBe('openai/gpt-4.1-mini provider_inferred');
  },
);

test('says that a provider is not known, and goes by the maker', () => {
  expect(found({ provider: 'strands-native-chat', model: 'gpt-4.1' })).toBe('openai/gpt-4.1 provider_unknown');
  // watsonx.ai is in no price list: its models are not, and others' are at their makers' prices.
  expect(found({ provider: 'ibm.watsonx.ai', model: 'ibm/granite-3-8b-instruct' })).toBe('unknown_model');
});

test('says that a provider is guessed', () => {
  expect(found({ provider: 'our-azure-openai', model: 'gpt-4o' })).toBe('openai/gpt-4o provider_guessed');
  expect(find({ provider: 'our-azure-openai', model: 'gpt-4o' })).toMatchObject({ provider: { id: 'azure' } });
  expect(found({ provider: 'openai-eu', model: 'gpt-4o' })).toBe('openai/gpt-4o provider_guessed');
});

test.each([
  ['openrouter', 'anthropic/claude-sonnet-4.5', 'openrouter/anthropic/claude-sonnet-4.5'],
  [
    'litellm',
    'openrouter/anthropic/claude-sonnet-4.5',
    'openrouter/anthropic/claude-sonnet-4.5 provider_inferred provider_from_prefix',
  ],
  ['openai', 'openai/gpt-4o', 'openai/gpt-4o'],
  [undefined, 'openai/gpt-4o', 'openai/gpt-4o provider_inferred provider_from_prefix'],
  [undefined, 'openai:gpt-4o', 'openai/gpt-4o provider_inferred provider_from_prefix'],
  ['litellm', 'bedrock/us.amazon.nova-pro-v1:0', 'aws/amazon.nova-pro-v1:0 provider_inferred provider_from_prefix'],
  ['openai', 'anthropic/claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5 provider_mismatch'],
  ['openai', 'deepseek-chat', 'deepseek/deepseek-chat provider_mismatch'],
  ['groq', 'openai/gpt-oss-120b', 'groq/openai/gpt-oss-120b'],
  ['together', 'deepseek-ai/no-such-model', 'unknown_model'],
])('reads the prefix of %s %s', (provider, model, entry) => {
  expect(found({ provider, model })).toBe(entry);
});

test.each([
  ['eu.anthropic.claude-sonnet-4-20250514-v1:0', 'aws/regional.anthropic.claude-sonnet-4-20250514-v1:0'],
  ['global.anthropic.claude-sonnet-4-5-20250929-v1:0', 'aws/global.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  [
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0',
  ],
  [
    'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0',
    'aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0',
  ],
  ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3', 'unknown_model'],
  ['arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a1b2c3', 'unknown_model'],
])('reads the Bedrock id %s', (model, entry) => {
  expect(found({ provider: 'aws.bedrock', model })).toBe(entry);
});

test('recognizes a Bedrock id without a provider', () => {
  const model = 'anthropic.claude-3-haiku-20240307-v1:0';
  expect(found({ model })).toBe('aws/regional.anthropic.claude-3-haiku-20240307-v1:0 provider_inferred');
});

test.each(['my-deployment', 'o4-mini-prod', 'gpt-4o-eastus', 'prod'])(
  'does not guess what the deployment %s on Azure is',
  (model) => {
    expect(found({ provider: 'azure.ai.openai', model })).toBe('unknown_model');
  },
);

test('does not take a local model for its maker’s', () => {
  expect(found({ provider: 'ollama', model: 'deepseek-r1:8b' })).toBe('local_provider');
  expect(found({ provider: 'llama.cpp', model: 'mistral' })).toBe('local_provider');
  expect(found({ model: 'ollama/llama3.2' })).toBe('local_provider');
  // An OpenAI client that is pointed at Ollama.
  expect(found({ provider: 'openai', model: 'deepseek-r1:8b' })).toBe('unknown_model');
  expect(found({ provider: 'openai', model: 'ollama/llama3.2' })).toBe('local_provider');
});

test('says when the date or variant of a model is not listed', () => {
  expect(found({ provider: 'openai', model: 'gpt-4o-2099-01-01' })).toBe('openai/gpt-4o model_date_dropped');
  expect(found({ provider: 'openrouter', model: 'openai/gpt-4o:nitro' })).toBe(
    'openrouter/openai/gpt-4o model_variant_dropped',
  );
  // The same date in another spelling is the same model.
  expect(found({ provider: 'openai', model: 'gpt-4.1-mini-20250414' })).toBe('openai/gpt-4.1-mini');
});

test('takes the next model of a family for a guess', () => {
  expect(found({ provider: 'anthropic', model: 'claude-sonnet-5-5' })).toBe('anthropic/claude-sonnet-5 model_guessed');
  // Without a provider it would be a guess on a guess.
  expect(found({ model: 'claude-sonnet-5-5' })).toBe('unknown_model');
});

test('keeps free variants free, and only those', () => {
  expect(found({ provider: 'openrouter', model: 'deepseek/deepseek-r1:free' })).toBe(
    'openrouter/deepseek/deepseek-r1:free',
  );
  expect(found({ provider: 'openrouter', model: 'new/model:free' })).toBe('openrouter/*:free model_guessed');
  expect(found({ provider: 'openai', model: 'gpt-4o:free' })).toBe('unknown_model');
});

test('knows fine-tuned models that are listed, and does not take others for their base', () => {
  expect(found({ provider: 'openai', model: 'ft:gpt-4o-mini-2024-07-18:our-team::id' })).toBe('openai/ft:gpt-4o-mini');
  expect(found({ provider: 'openai', model: 'ft:gpt-4.1-mini-2025-04-14:our-team::id' })).toBe('unknown_model');
  expect(found({ provider: 'openai', model: 'ft:gpt-4o' })).toBe('unknown_model');
});

test('prefers the model that answered, and says when it had to take the one asked for', () => {
  expect(found({ provider: 'openai', responseModel: 'gpt-4.1', requestModel: 'gpt-4o' })).toBe('openai/gpt-4.1');
  // LiteLLM's proxy answers with its own alias.
  expect(found({ provider: 'openai', responseModel: 'team-default', requestModel: 'gpt-4o' })).toBe(
    'openai/gpt-4o request_model_used',
  );
  expect(found({ provider: 'openai', requestModel: 'gpt-4o' })).toBe('openai/gpt-4o');
  expect(found({ provider: 'openai', responseModel: '', requestModel: 'gpt-4o' })).toBe('openai/gpt-4o');
});

test('has no model for no name', () => {
  expect(found({ provider: 'openai' })).toBe('no_model');
});

test.each([
  '__proto__',
  'constructor',
  "'; DROP TABLE x",
  '\n',
  '/',
  ':',
  '/'.repeat(200),
  'a'.repeat(1_000_000),
  '\uD800',
])('has no price for a hostile name: %j', (name) => {
  expect(found({ provider: 'openai', model: name })).toMatch(/^(unknown_model|no_model)$/);
  expect(found({ provider: name, model: 'gpt-4o' })).toMatch(/^openai\/gpt-4o provider_(unknown|inferred)$/);
});
