// What it costs to price a span: with names seen before, with their texts decoded anew, with a name never seen before,
// and by calling the price library for each span.

import { calcPrice } from '@pydantic/genai-prices';
import { createPriceBook, type PriceBook, type PriceRequest } from '@turnmeter/pricing';
import { format, median } from './figures.ts';

const SPANS = 4096;
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

export function run({ rounds }: { readonly rounds: number }): void {
  const book = createPriceBook();
  const spans = makeSpans((text) => text);
  console.log(`${SPANS} spans of ${CALLS.length} models a round, median of ${rounds} rounds (fastest to slowest)`);
  const known: Measurement = {
    label: 'price, names seen before',
    warmUps: 200,
    make: () => spans,
    work: (list) => priceAll(book, list),
  };
  const others: readonly Measurement[] = [
    {
      label: 'price, names seen before, texts decoded anew',
      warmUps: 50,
      make: () => makeSpans(decodeAgain),
      work: (list) => priceAll(book, list),
    },
    {
      label: 'price, every name new, half of them known models',
      warmUps: 3,
      make: (round) => makeSpans((text, place) => (text.includes('4') ? `${text}@r${round}-${place}` : text)),
      work: (list) => priceAll(createPriceBook(), list),
    },
    {
      label: 'price, every name new and unknown (an attack)',
      warmUps: 3,
      make: (round) => makeSpans((_text, place) => `hostile-${round}-${place}`),
      work: (list) => priceAll(createPriceBook(), list),
    },
  ];
  const library: Measurement = {
    label: 'calcPrice of genai-prices, same spans',
    warmUps: 5,
    make: () => spans,
    work: calculateAll,
  };
  const took = measure(known, rounds);
  for (const other of others) measure(other, rounds);
  const baseline = measure(library, rounds);
  console.log(`calcPrice takes ${format(baseline / took)} times as long as price`);
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

const decoded = CALLS.map(({ provider, model }) => [Buffer.from(provider), Buffer.from(model)] as const);

/** Texts as a decoder makes them: new strings whose hashes nobody has computed. */
function decodeAgain(text: string, place: number): string {
  const [provider, model] = decoded[place % CALLS.length] ?? [Buffer.from(text), Buffer.from(text)];
  return (text === provider.toString('latin1') ? provider : model).toString('latin1');
}

interface Measurement {
  readonly label: string;
  /** Rounds before those that count, while the code is compiled. */
  readonly warmUps: number;
  readonly make: (round: number) => readonly Span[];
  readonly work: (spans: readonly Span[]) => number;
}

/** Nanoseconds per span: the median of several rounds. Prints it with the fastest and the slowest. */
function measure({ label, warmUps, make, work }: Measurement, rounds: number): number {
  const figures: number[] = [];
  for (let round = -warmUps; round < rounds; round++) {
    const spans = make(round);
    const startedAt = performance.now();
    const sum = work(spans);
    const ns = ((performance.now() - startedAt) * 1e6) / spans.length;
    if (Number.isNaN(sum)) throw new Error(`${label}: the sum is not a number`);
    if (round >= 0) figures.push(ns);
  }
  const range = `(${format(Math.min(...figures))} to ${format(Math.max(...figures))})`;
  console.log(`${label.padEnd(50)} ${format(median(figures)).padStart(7)} ns/span  ${range}`);
  return median(figures);
}
