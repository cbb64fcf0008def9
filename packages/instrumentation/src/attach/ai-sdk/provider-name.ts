import { GenAiProvider } from '@turnmeter/semconv';

/** The SDK's `openai.responses` or `google.generative-ai` in the words of the conventions; who is not among them keeps their name. */
export function providerNameOf(provider: string | undefined): string {
  if (provider === undefined) return UNKNOWN;
  if (provider.startsWith('google.vertex')) return GenAiProvider.GCP_VERTEX_AI;
  const [name = UNKNOWN] = provider.split('.', 1);
  return NAMES.get(name) ?? name;
}

const UNKNOWN = 'unknown';

const NAMES: ReadonlyMap<string, string> = new Map([
  ['azure', GenAiProvider.AZURE_AI_OPENAI],
  ['azure-openai', GenAiProvider.AZURE_AI_OPENAI],
  ['google', GenAiProvider.GCP_GEMINI],
  ['vertex', GenAiProvider.GCP_VERTEX_AI],
  ['amazon-bedrock', GenAiProvider.AWS_BEDROCK],
  ['bedrock', GenAiProvider.AWS_BEDROCK],
  ['xai', GenAiProvider.X_AI],
  ['mistral', GenAiProvider.MISTRAL_AI],
  ['moonshotai', GenAiProvider.MOONSHOT_AI],
]);
