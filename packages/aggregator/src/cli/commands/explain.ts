import { Command } from 'commander';
import type { ExplanationDocument } from '../../serve/documents/explain-document.ts';
import { withService } from '../client/with-service.ts';
import type { Invocation } from '../invocation.ts';
import { addServiceOptions, type ServiceOptions } from '../options.ts';

const HELP = `
With a span it also shows what the span itself said, and each booking that was made for it, those that were taken back, too.
The id of a span, log record or data point alone is looked for in all traces.

Examples:
  $ turnmeter explain 4bf92f3577b34da6a3ce929d0e0e4736
  $ turnmeter explain 4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7
  $ turnmeter explain 00f067aa0ba902b7
  $ turnmeter explain 4bf92f3577b34da6a3ce929d0e0e4736 --json | jq -r .text
`;

const TRACE_ID = /^[0-9a-f]{32}$/i;

export function describeExplain(invocation: Invocation): Command {
  const command = new Command('explain')
    .description('Shows for each span of a trace why it counts, or not, and how its cost came about.')
    .argument('<trace>', 'id of a trace, 32 hexadecimal digits; or of a single record')
    .argument('[span]', 'only this span of it, with all there is to say')
    .addHelpText('after', HELP);
  return addServiceOptions(command).action(async (id: string, span: string | undefined, options: ServiceOptions) => {
    const { printExplanation } = await import('../books/print-explanation.ts');
    const record = span ?? (TRACE_ID.test(id) ? undefined : id);
    const trace = span !== undefined || TRACE_ID.test(id) ? id : undefined;
    await withService(invocation, options, async ({ api }) => {
      const query = { trace_id: trace, span_id: record };
      const explanation = await api.get<ExplanationDocument>('api/v1/explain', query);
      if (options.json === true) invocation.printJson(explanation);
      else printExplanation(invocation, explanation, { isOfOne: record !== undefined });
    });
  });
}
