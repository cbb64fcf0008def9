import type { Charge, TokenUsage } from '@turnmeter/pricing';

/** What a model's answer says of itself. What it does not say is left out. */
export interface AnswerFacts {
  /** In inclusive buckets: `input` holds cached parts, `output` holds reasoning. */
  readonly usage?: TokenUsage | undefined;
  /** The model that answered. */
  readonly model?: string | undefined;
  /** The provider's id of the answer. */
  readonly responseId?: string | undefined;
  readonly finishReasons?: readonly string[] | undefined;
  /** The service tier that served the call. */
  readonly serviceTier?: string | undefined;
  /** What was used that is not a token, such as web searches. */
  readonly charges?: readonly Charge[] | undefined;
  /** Who answered, where the answer says so. */
  readonly provider?: string | undefined;
  /** Stable codes of what could not be used: `tokens_not_a_count`, `part_exceeds_whole` … */
  readonly problems?: readonly string[] | undefined;
}
