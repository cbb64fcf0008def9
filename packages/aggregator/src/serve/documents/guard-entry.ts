import type { GuardAction } from '@turnmeter/budget';
import { z } from 'zod';

/** What a guard did in a session. */
export interface GuardEntryDocument {
  readonly at: string;
  readonly action: string;
  readonly reason: string;
}

export const guardEntrySchema: z.ZodType<GuardEntryDocument> = z
  .object({
    at: z.iso.datetime({ offset: true }),
    action: z.string().meta({ description: 'notify, degrade, pause, resume, stop or override.' }),
    reason: z.string().meta({ description: 'Which limit made it: shares.stop, usd.critical, kill_switch, lease.' }),
  })
  .meta({ id: 'GuardEntry' });

export function guardEntry({ at, action, reason }: GuardAction): GuardEntryDocument {
  return { at, action, reason };
}
