import { Command, Option } from 'commander';
import type { PriceBook, PriceDescription, PriceOverride } from '@turnmeter/pricing';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../invocation.ts';
import { addConfigOption, addJsonOption, type OutputOptions, parseTime } from '../options.ts';

const HELP = `
Prices are USD per million tokens, from the price list at hand and from your own prices in the configuration ("prices").

Examples:
  $ turnmeter prices gpt-5-mini
  $ turnmeter prices claude-sonnet-4-5 --provider aws.bedrock
  $ turnmeter prices gemini-2.5-pro --at 2026-03-01
  $ turnmeter prices our-llama --config turnmeter.yaml --tenant acme
`;

interface PricesOptions extends OutputOptions {
  readonly provider?: string;
  readonly at?: string;
  readonly tenant?: string;
  readonly region?: string;
  readonly config?: string;
}

export function describePrices(invocation: Invocation): Command {
  const command = new Command('prices')
    .description('Shows what a model costs, since when, and whose price that is.')
    .argument('<model>', 'as telemetry has it, with or without prefixes: gpt-5-mini, anthropic/claude-sonnet-4-5')
    .option('--provider <name>', 'who serves it: openai, azure, aws.bedrock, openrouter, ...')
    .option('--at <time>', 'prices of that time (default: now)', parseTime)
    .option('--region <name>', 'for your own prices that name one')
    .addOption(new Option('--tenant <name>', 'for your own prices that name one').env('TURNMETER_TENANT'))
    .addHelpText('after', HELP);
  return addJsonOption(addConfigOption(command)).action(async (model: string, options: PricesOptions) => {
    const [{ createPriceBook }, { parseConfig }] = await Promise.all([
      import('@turnmeter/pricing'),
      import('../../config/parse-config.ts'),
    ]);
    const config = parseConfig({ file: options.config, env: invocation.terminal.env });
    // The book checks them itself, with better messages than a cast could hide.
    const book = createPriceBook({ overrides: config.prices as unknown as readonly PriceOverride[] });
    const at = options.at ?? new Date().toISOString();
    const { provider, tenant, region } = options;
    const price = book.describe(model, { timeMs: Date.parse(at), provider, tenant, region });
    if (options.json === true)
      invocation.printJson({ asked_for: model, at, book_version: book.version, ...snakeCased(price) });
    if (price.tiers.length === 0 && price.charges.length === 0) await refuseUnknown(model, { price, book, options });
    if (options.json === true) return;
    const { printPrice } = await import('../prices/print-price.ts');
    printPrice(invocation, price, { askedFor: model, at, bookVersion: book.version });
  });
}

async function refuseUnknown(
  model: string,
  { price, book, options }: { price: PriceDescription; book: PriceBook; options: PricesOptions },
): Promise<void> {
  const [{ reasonInWords }, { nearestModels }] = await Promise.all([
    import('../prices/reason-words.ts'),
    import('../prices/nearest-models.ts'),
  ]);
  const nearest = nearestModels(model, book.snapshot, options.provider);
  throw new CommandError(
    `no price is known for ${JSON.stringify(model)}: ${price.reasons.map(reasonInWords).join('; ')}`,
    {
      advice: [
        ...(nearest.length === 0 ? [] : [`Near it: ${nearest.join(', ')}`]),
        'Its calls are counted as unpriced. Give it a price of your own under "prices" in the configuration.',
      ],
    },
  );
}

/** The API's spelling of names, which `--json` has too. */
function snakeCased(value: unknown): Record<string, unknown> {
  return spellSnake(value) as Record<string, unknown>;
}

function spellSnake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spellSnake);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      spellSnake(inner) ?? null,
    ]),
  );
}
