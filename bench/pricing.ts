// What it costs to price a span: with names seen before, with their texts decoded anew, with a name never seen before,
// and by calling the price library for each span. Run: node bench/pricing.ts
import { calcPrice } from '@pydantic/genai-prices';
import { createPriceBook, type PriceBook, type PriceRequest } from '@turnmeter/pricing';

const SPANS = 4096;
const RUNS = 7;
const TIME_MS = Date.UTC(2026, 10, 22, 12);

// One price for ever; with dates; with hours of the day; with context tiers; an alias; a regional id.
const CALLS = [
  { provider: 'openai', model: 'gpt-4.1-mini-2025-04-14', listed: 'openai' },
  { provider: 'openai', model: 'gpt-5-mini-2025-08-07', listed: 'openai' },
  { provider: 'openai', model: 'gpt-5.6-sol', listed: 'openai' },
  { provider: 'deepseek', model: 'deepseek-v4-pro', listed: 'deepseek' },
  { provider: 'anthropic', model: 'claude-sonnet-4-5-20250929', listed: 'anthropic' },
  { provider: 'gcp.gen_ai', model: 'gemini-2.5-pro', listed: 'google' },
  { provider: 'aws.bedrock', model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', listed: 'aws' },
  { provider: 'azure.ai.openai', model: 'gpt-4o', listed: 'azure' },
] as const;

interface Span {
  readonly request: PriceRequest;
  readonly listed: string;
}

function makeSpans(textOf: (text: string, place: number) => string): readonly Span[] {
  return Array.from({ length: SPANS }, (_, place) => {
    const call = CALLS[place % CALLS.length] ?? CALLS[0];
    const request = {
      tenant: 'default',
      provider: textOf(call.provider, place),
      responseModel: textOf(call.model, place),
      requestModel: undefined,
      timeMs: TIME_MS + place * 1000,
      usage: { input: 1000 + place, output: 100 + place, cacheRead: place % 500, reasoning: place % 50 },
      operation: 'chat',
      serviceTier: undefined,
    };
    return { request, listed: call.listed };
  });
}

function priceAll(book: PriceBook, spans: readonly Span[]): number {
  return spans.reduce((sum, { request }) => sum + book.price(request).totalNanoUsd, 0);
}

function calculateAll(spans: readonly Span[]): number {
  return spans.reduce((sum, { request, listed }) => {
    const { input = 0, output = 0, cacheRead = 0 } = request.usage;
    const usage = { input_tokens: input, output_tokens: output, cache_read_tokens: cacheRead };
    const options = { providerId: listed, timestamp: new Date(request.timeMs) };
    return sum + (calcPrice(usage, request.responseModel ?? '', options)?.total_price ?? 0) * 1e9;
  }, 0);
}

interface Measurement {
  readonly label: string;
  /** Runs before those that count, while the code is compiled. */
  readonly warmUps: number;
  readonly make: (run: number) => readonly Span[];
  readonly work: (spans: readonly Span[]) => number;
}

/** Nanoseconds per span: the median of several runs. Prints it with the fastest and the slowest. */
function measure({ label, warmUps, make, work }: Measurement): number {
  const figures: number[] = [];
  for (let run = -warmUps; run < RUNS; run += 1) {
    const spans = make(run);
    const startedAt = performance.now();
    const sum = work(spans);
    const ns = ((performance.now() - startedAt) * 1e6) / spans.length;
    if (Number.isNaN(sum)) {
      throw new Error(`${label}: the sum is not a number`);
    }
    if (run >= 0) {
      figures.push(ns);
    }
  }
  const sorted = figures.toSorted((x, y) => x - y);
  const [fastest = 0, median = 0, slowest = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const range = `(${fastest.toFixed(0)} to ${slowest.toFixed(0)})`;
  console.log(`${label.padEnd(50)} ${median.toFixed(0).padStart(7)} ns/span  ${range}`);
  return median;
}

const book = createPriceBook();
const spans = makeSpans((text) => text);
const decoded = CALLS.map(({ provider, model }) => [Buffer.from(provider), Buffer.from(model)] as const);

/** Texts as a decoder makes them: new strings whose hashes nobody has computed. */
function decodeAgain(text: string, place: number): string {
  const [provider, model] = decoded[place % CALLS.length] ?? [Buffer.from(text), Buffer.from(text)];
  return (text === provider.latin1Slice() ? provider : model).latin1Slice();
}

console.log(`${SPANS} spans of ${CALLS.length} models a run, median of ${RUNS} runs (fastest to slowest)`);
const hot = measure({
  label: 'price, names seen before',
  warmUps: 200,
  make: () => spans,
  work: (list) => priceAll(book, list),
});
measure({
  label: 'price, names seen before, texts decoded anew',
  warmUps: 50,
  make: () => makeSpans(decodeAgain),
  work: (list) => priceAll(book, list),
});
measure({
  label: 'price, every name new, half of them known models',
  warmUps: 3,
  make: (run) => makeSpans((text, place) => (text.includes('4') ? `${text}@r${run}-${place}` : text)),
  work: (list) => priceAll(createPriceBook(), list),
});
measure({
  label: 'price, every name new and unknown (an attack)',
  warmUps: 3,
  make: (run) => makeSpans((_text, place) => `hostile-${run}-${place}`),
  work: (list) => priceAll(createPriceBook(), list),
});
const baseline = measure({
  label: 'calcPrice of genai-prices, same spans',
  warmUps: 5,
  make: () => spans,
  work: calculateAll,
});
console.log(`calcPrice takes ${(baseline / hot).toFixed(0)} times as long as price`);
