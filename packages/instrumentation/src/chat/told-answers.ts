import type { TokenUsage } from '@turnmeter/pricing';
import { recorder } from '../emit/recorder.ts';
import type { CountedFacts, Scope } from '../session/scope.ts';
import type { AnswerFacts } from '../usage/answer-facts.ts';

/**
 * Answers that the app told of by itself, so that none counts twice: told again, or counted already by whoever watches the client.
 * By the very object, by the provider's id of the answer, and without an id by being, within one turn, the report of a call that was
 * counted there with the same tokens; one report for one call. Equal tokens alone say nothing.
 */
export class ToldAnswers {
  readonly #objects = new WeakSet();
  /** By id: what was told under it. In order of arrival. */
  readonly #byId = new Map<string, AnswerFacts>();

  /** Whether this very answer was told before; it is now. One that has an id is known by that. */
  isKnownObject(answer: unknown, { responseId, calls }: AnswerFacts): boolean {
    if (responseId !== undefined || calls !== undefined || typeof answer !== 'object' || answer === null) return false;
    if (this.#objects.has(answer)) return true;
    this.#objects.add(answer);
    return false;
  }

  /** Whether the call with this answer is counted already. */
  isCounted(facts: AnswerFacts, scope: Scope): boolean {
    const { responseId } = facts;
    if (responseId === undefined || responseId === '') return isCountedInTurn(facts, scope);
    const before = this.#byId.get(responseId);
    const isRepeat = recorder().answered.isRepeat(responseId);
    this.#remember(responseId, facts);
    // A server may give all its answers one id: with other tokens it is another answer.
    return isRepeat || (before !== undefined && hasSameUsage(before.usage, facts.usage));
  }

  #remember(id: string, facts: AnswerFacts): void {
    this.#byId.delete(id);
    this.#byId.set(id, facts);
    if (this.#byId.size <= IDS_MAX) return;
    for (const oldest of this.#byId.keys()) {
      this.#byId.delete(oldest);
      break;
    }
  }
}

/** Told again soon or never; some 200 bytes each. */
const IDS_MAX = 10_000;

/** Takes the counted call away, so that it excuses one report only. */
function isCountedInTurn({ usage, model }: AnswerFacts, { turn }: Scope): boolean {
  if (turn === undefined || usage === undefined) return false;
  const at = turn.counted.findIndex((counted) => isSameCall(counted, usage, model));
  if (at === -1) return false;
  turn.counted.splice(at, 1);
  return true;
}

/** A report may know less of a call than its client does: the model's alias, no cached part. */
function isSameCall(counted: CountedFacts, usage: TokenUsage, model: string | undefined): boolean {
  const isSameModel =
    model === undefined ||
    counted.model === undefined ||
    counted.model.startsWith(model) ||
    model.startsWith(counted.model);
  return isSameModel && counted.usage.input === usage.input && counted.usage.output === usage.output;
}

function hasSameUsage(one: TokenUsage | undefined, other: TokenUsage | undefined): boolean {
  return one?.input === other?.input && one?.output === other?.output;
}
