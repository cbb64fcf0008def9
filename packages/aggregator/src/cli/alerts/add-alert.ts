import { randomBytes } from 'node:crypto';
import type { AlertDocument } from '../../serve/documents/alert-document.ts';
import { withService } from '../client/with-service.ts';
import { CommandError, ExitCode } from '../command-error.ts';
import type { AddAlertOptions } from '../commands/alerts.ts';
import type { Invocation } from '../invocation.ts';
import { shown } from '../text/escape.ts';

const SECRET_BYTES = 32;

/** Runs `turnmeter alerts add`. */
export async function addAlert(invocation: Invocation, name: string, options: AddAlertOptions): Promise<void> {
  const threshold = thresholdOf(options);
  const secret = options.secret ?? `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  const { what, workflow, agent, model, window, webhook: url, disabled } = options;
  const body = {
    name,
    what,
    where: { workflow, agent, model },
    ...threshold,
    window,
    for: options.for,
    repeat_interval: options.repeat,
    webhook: { url, secret },
    is_enabled: disabled !== true,
  };
  await withService(invocation, options, async ({ api }) => {
    const rule = await api.post<AlertDocument>('api/v1/alerts', body);
    const isMade = options.secret === undefined;
    if (options.json === true) {
      invocation.printJson(isMade ? { ...rule, webhook: { ...rule.webhook, secret } } : rule);
      return;
    }
    const { paint } = invocation;
    invocation.print(`${paint('name', rule.id)} is written: ${shown(rule.name)}`);
    if (isMade) invocation.print(`Its messages are signed with ${secret}`, 'Keep it: it is not shown again.');
    invocation.print(paint('faint', `Try it: turnmeter alerts test ${rule.id}`));
  });
}

function thresholdOf({ above, below }: AddAlertOptions): { readonly comparison: string; readonly threshold: number } {
  if (above !== undefined && below === undefined) return { comparison: 'above', threshold: above };
  if (below !== undefined && above === undefined) return { comparison: 'below', threshold: below };
  throw new CommandError(`expected either --above or --below, received ${above === undefined ? 'neither' : 'both'}`, {
    exitCode: ExitCode.USAGE,
  });
}
