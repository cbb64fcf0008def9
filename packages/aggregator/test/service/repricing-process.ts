// A process that prices history again and dies on the way: its settings are its only argument.

import { arm } from '../crash/fail-points.ts';
import type { FailPoint } from '../crash/messages.ts';
import type { WritingSideOptions } from './writing-side.ts';

const { failPoint, ...options } = JSON.parse(process.argv[2] ?? '') as WritingSideOptions & {
  readonly failPoint: FailPoint;
};
// The start has renames and requests of its own; it may not die there.
const { startWritingSide } = await import('./writing-side.ts');
const writing = await startWritingSide(options);
await arm(failPoint);
await writing.reprice();
await writing.stop();
