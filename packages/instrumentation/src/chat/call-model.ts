import { GenAiOperation } from '@turnmeter/semconv';
import { guarded } from '../emit/guarded.ts';
import { startInference } from '../emit/start-inference.ts';
import { admitCall } from '../guard/admit-call.ts';
import { sizeOfRequest } from '../guard/request-size.ts';
import type { Scope } from '../session/scope.ts';
import { factsOf } from './record-call.ts';

/** A model call that the app makes by itself. */
export interface ModelRequest {
  readonly model: string;
  /** Who is asked, as the GenAI conventions name it. @default `unknown`: the price is found by the model's name */
  readonly provider?: string | undefined;
  /** All that the model reads: messages, tools; only their size is looked at. */
  readonly prompt: unknown;
  /** The most tokens that the answer may have, where the request says so. */
  readonly outputTokensMax?: number | undefined;
  /** @default `chat` */
  readonly operation?: string | undefined;
  /** Ends waiting for room or for a decision. */
  readonly signal?: AbortSignal | undefined;
}

/** How the call is to be made: as it was asked for, or more cheaply. */
export interface AdmittedRequest {
  readonly model: string;
  /** To be sent where it is given: the budget does not hold otherwise. */
  readonly outputTokensMax: number | undefined;
}

/** Makes the call once the budget allows it, and counts it by the provider's answer. */
export async function callModel<T>(
  request: ModelRequest,
  work: (admitted: AdmittedRequest) => T | Promise<T>,
  scope: Scope,
): Promise<T> {
  const {
    model,
    provider = PROVIDER_UNKNOWN,
    operation = GenAiOperation.CHAT,
    outputTokensMax,
    prompt,
    signal,
  } = request;
  const admission = await admitCall(scope, () => ({
    provider,
    operation,
    model,
    size: sizeOfRequest(prompt),
    outputTokensMax,
    canChangeModel: true,
    canShorten: operation !== GenAiOperation.EMBEDDINGS,
    signal,
  }));
  const admitted = {
    model: admission?.model ?? model,
    outputTokensMax: admission?.outputTokensMax ?? outputTokensMax,
  };
  const inference = guarded('start of a model call', () =>
    startInference({ operation, provider, model: admitted.model, scope, admission }),
  );
  if (inference === undefined) {
    admission?.reservation.release();
    return work(admitted);
  }
  try {
    const answer = await inference.run(() => work(admitted));
    inference.end({ facts: guarded('reading an answer', () => factsOf(answer)) });
    return answer;
  } catch (error) {
    inference.end({ error: error ?? 'nothing' });
    throw error;
  }
}

const PROVIDER_UNKNOWN = 'unknown';
