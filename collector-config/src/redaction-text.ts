import { stringify } from 'yaml';
import { redactionProcessors } from './redaction.ts';

/** The file `redaction.yaml`, whole. */
export function redactionText(): string {
  const processors = stringify({ processors: redactionProcessors() }, { lineWidth: 150, singleQuote: true });
  return `${HEAD}${processors}`;
}

const HEAD = `# Written by src/write-redaction.ts from the names in packages/semconv: change those, then run \`npm run collector:redaction\`.
# Merged into agent.yaml: --config agent.yaml --config redaction.yaml. Without it the agent does not start.
`;
