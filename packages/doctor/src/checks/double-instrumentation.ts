// One call, reported by two: whoever adds spans up counts it twice.

import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { type App, copiesOf } from '../app/app.ts';
import { instrumentationsOf, isAttachedByTurnmeter, isUsed, isWrapping } from '../app/instrumentations.ts';
import { removeCommand } from '../app/package-manager.ts';
import { isTurnmeterLoaded } from '../app/telemetry-setup.ts';
import { Attachment, KNOWN_FRAMEWORKS, type KnownFramework, TURNMETER } from '../known-packages.ts';

export const doubleInstrumentation: Check<App> = {
  name: 'double-instrumentation',
  run: async (app) => {
    const used = (await instrumentationsOf(app)).filter(({ copy }) => isUsed(app, copy));
    return KNOWN_FRAMEWORKS.flatMap((framework): readonly Diagnosis[] => {
      const copies = copiesOf(app, framework.name);
      const others = used.filter((instrumentation) => copies.some((copy) => isWrapping(instrumentation, copy)));
      const names = new Set(others.map(({ copy }) => copy.name));
      return copies.length === 0 ? [] : diagnose(app, framework, [...names]);
    });
  },
};

function diagnose(app: App, { name, attachment }: KnownFramework, others: readonly string[]): readonly Diagnosis[] {
  const isNative = attachment === Attachment.NATIVE;
  const isOurs = isAttachedByTurnmeter(name) && isTurnmeterLoaded(app);
  const all = [...(isNative ? [`${name} itself`] : []), ...(isOurs ? [TURNMETER] : []), ...others];
  if (all.length < 2) return [];
  // Ours keeps quiet inside of its own calls and marks them, so that the service knows the copies.
  const isHarmless = isOurs && others.length === 1;
  return [
    {
      severity: isHarmless ? Severity.ADVICE : Severity.WRONG_FIGURES,
      found: `calls of ${name} are reported by ${all.length}: ${all.join(', ')}`,
      why: isHarmless
        ? 'Turnmeter counts each call once; other backends add both up, and every call takes the time of two.'
        : 'A backend that adds spans up counts every call several times, and even one that knows copies cannot know them all.',
      fix:
        isNative || isOurs
          ? [removeCommand(app.packageManager, ...others)]
          : [`keep one of them: ${others.map((other) => removeCommand(app.packageManager, other)).join(', or ')}`],
    },
  ];
}
