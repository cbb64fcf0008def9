// What the demo says: before, after, and what to do next.

import { commandName } from '../command-name.ts';
import { printAssessment } from '../figures/print-assessment.ts';
import { printWorkflows } from '../figures/print-workflows.ts';
import { printExplanation } from '../books/print-explanation.ts';
import type { Invocation } from '../invocation.ts';
import { DEFAULT_URL } from '../options.ts';
import { shown } from '../text/escape.ts';
import { wrap } from '../text/wrap.ts';
import type { DemoService } from './open-demo-service.ts';
import { printBudget } from './print-budget.ts';
import { type DemoPlan, LOOP_TIMES } from './plan-sessions.ts';
import type { DemoResults } from './run-demo.ts';

interface Introduction {
  readonly plan: DemoPlan;
  readonly isAppRunning: boolean;
  readonly service: DemoService;
}

export function printIntroduction(invocation: Invocation, { plan, isAppRunning, service }: Introduction): void {
  const { sessions, stretch } = plan;
  const frameworks = new Set(sessions.map(({ framework }) => framework)).size;
  const { paint } = invocation;
  invocation.print(paint('title', 'Turnmeter counts what multi-agent chats cost and take.'), '');
  printText(
    invocation,
    `${sessions.length} group chats of ${frameworks} agent frameworks run now. They are real telemetry, recorded as the frameworks sent it and sent ` +
      `again under new ids, ${stretch} times slower than the scripted model behind them answered. Tokens, models, agents and errors are as ` +
      'recorded; prices are list prices. Nothing leaves this machine.',
  );
  if (isAppRunning) {
    invocation.print('');
    printText(
      invocation,
      'Beside them an app of its own holds group chats now: a Planner, a Writer and a Critic, written by hand, with OpenAI’s client and one flag, ' +
        '--import @turnmeter/instrumentation/register. A scripted model server answers it. One of these chats has a budget.',
    );
  }
  if (service.busyPorts.length > 0) {
    printText(
      invocation,
      `In use by another program: port ${service.busyPorts.join(' and ')}; free ones were taken instead.`,
    );
  }
  invocation.print('', `  OTLP in    ${service.otlpUrl}`, `  JSON API   ${service.apiUrl}/api/v1`, '');
}

export function printResults(
  invocation: Invocation,
  { workflows, comparison, explanation, isLive, budget }: DemoResults,
  service: DemoService,
): void {
  const heading = (title: string, command: string): void =>
    printHeading(invocation, title, askAt(invocation, service, command));
  heading('What does a run of each workflow normally cost and take?', 'workflows');
  printWorkflows(invocation, workflows);

  heading('Is this run normal?', `finalize ${comparison.session_id}`);
  printText(
    invocation,
    isLive
      ? 'One of the live chats does not notice that its Critic approves. Nobody told the service.'
      : `One session was made to go round in circles: its chat was sent ${LOOP_TIMES} times in a row. Nobody told the service.`,
  );
  invocation.print('');
  printAssessment(invocation, comparison);

  if (budget !== undefined) {
    heading('Can it be stopped in time?', `session ${budget.guarded.chat.sessionId}`);
    printText(
      invocation,
      'The same chat was held a second time, with a budget relative to what such a chat costs. Its guard is in the app itself: it knows before ' +
        'each call what was spent, and asks nobody.',
    );
    invocation.print('');
    printBudget(invocation, budget);
  }

  heading('Why does a span count, or not?', `explain ${explanation.trace_id ?? ''}`);
  printText(
    invocation,
    'Frameworks repeat the tokens of a call on the spans around it. Each token counts once, where it was spent:',
  );
  invocation.print('');
  printExplanation(invocation, explanation, { isOfOne: false });
}

function printHeading(invocation: Invocation, title: string, command: string): void {
  const { paint } = invocation;
  invocation.print('', paint('title', title), paint('faint', `$ ${command}`), '');
}

export function printNextSteps(invocation: Invocation, { comparison }: DemoResults, service: DemoService): void {
  const { paint } = invocation;
  const ask = (command: string): string => askAt(invocation, service, command);
  invocation.print('', paint('title', 'It goes on serving. Now, in another terminal:'), '');
  invocation.print(
    ...['sessions', `session ${comparison.session_id}`, 'check'].map((command) => `  ${ask(command)}`),
    '',
  );
  printText(invocation, 'Your own app, in any language and with any agent framework that speaks OpenTelemetry:');
  invocation.print('', `  OTEL_EXPORTER_OTLP_ENDPOINT=${service.otlpUrl} node your-app.js`, '');
  printText(invocation, `In a browser: ${service.apiUrl}/api/v1/sessions`);
  const data = service.isTemporary ? ' and removes its data' : `; its data stays in ${shown(service.dataDir)}`;
  invocation.print(paint('faint', `Ctrl-C stops it${data}.`));
}

function askAt(invocation: Invocation, { apiUrl }: DemoService, command: string): string {
  const where = apiUrl === DEFAULT_URL ? '' : ` --url ${apiUrl}`;
  return `${commandName(invocation.terminal.env)} ${command}${where}`;
}

function printText(invocation: Invocation, text: string): void {
  invocation.print(...wrap(text, invocation.width ?? 120));
}
