import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { numberOf, textOf } from '../service/document.ts';
import type { Service } from '../service/service.ts';

const NAMED_MAX = 20;

/** Models that nobody has a price for. */
export const prices: Check<Service> = {
  name: 'prices',
  run: ({ unpricedModels }) =>
    unpricedModels.slice(0, NAMED_MAX).map((row): Diagnosis => {
      const model = textOf(row, 'model');
      const provider = textOf(row, 'provider');
      return {
        severity: Severity.WRONG_FIGURES,
        found: `${model === '' ? 'calls that name no model' : model}${provider === '' ? '' : ` of ${provider}`} ${model === '' ? 'have' : 'has'} no price: ${numberOf(row, 'tokens')} tokens in ${numberOf(row, 'calls')} calls`,
        why: 'Costs of sessions that use it are partial: less than was spent, and no limit in dollars holds.',
        fix:
          model === ''
            ? ['the attribute gen_ai.request.model on the calls’ spans']
            : [
                'in the service’s configuration:',
                'prices:',
                `  - name: ${nameOf(model)}`,
                ...(provider === '' ? [] : [`    provider: ${provider}`]),
                `    model: ${model}`,
                '    rates: { input: 1.25, output: 10 }  # USD per million tokens',
                'then: turnmeter reprice --from 30d --to now',
              ],
      };
    }),
};

function nameOf(model: string): string {
  return (
    model
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'our-model'
  );
}
