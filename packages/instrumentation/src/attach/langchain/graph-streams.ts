import { AsyncLocalStorage } from 'node:async_hooks';
import { TurnOutcome } from '@turnmeter/semconv';
import { guarded } from '../../emit/guarded.ts';
import type { Patches } from '../patches.ts';
import type { GraphLevel } from './graph-level.ts';
import { markSteps } from './mark-steps.ts';
import type { OpenRuns } from './open-runs.ts';

/**
 * The streams in which graphs run. LangGraph tells nobody that a reader has left a stream in the middle, as a web server does whose
 * client is gone: the run would never end.
 */
export class GraphStreams {
  readonly #running = new AsyncLocalStorage<{ level: GraphLevel | undefined }>();

  /** A graph's run has begun in the current stream. */
  began(level: GraphLevel): void {
    const stream = this.#running.getStore();
    if (stream !== undefined) stream.level ??= level;
  }

  patch(patches: Patches, graph: object, runs: OpenRuns): boolean {
    const watch = (iterator: unknown): void => this.#watch(iterator, runs);
    return patches.wrap<unknown[], unknown>(
      graph,
      '_streamIterator',
      (iterate) =>
        function (this: unknown, ...args) {
          const iterator = iterate.apply(this, args);
          guarded('a stream of LangGraph', () => watch(iterator));
          return iterator;
        },
    );
  }

  #watch(iterator: unknown, runs: OpenRuns): void {
    const stream: { level: GraphLevel | undefined } = { level: undefined };
    markSteps(iterator, {
      run: (step) => this.#running.run(stream, step),
      left: () => {
        const { level } = stream;
        if (level !== undefined) runs.remove(level.runId)?.end({ outcome: TurnOutcome.STOPPED });
      },
    });
  }
}
