import type { Charge, ReportedCost, TokenUsage } from '@turnmeter/pricing';

/** What a model's answer says of itself. What it does not say is left out, never 0 or empty. */
export interface AnswerFacts {
  /** Tokens in inclusive buckets: `input` holds what was cached, `output` what was reasoned. */
  readonly usage?: TokenUsage | undefined;
  /** The model that answered, as the answer names it. */
  readonly model?: string | undefined;
  /** The provider's id of the answer. */
  readonly responseId?: string | undefined;
  /** Why the model stopped, one a choice, in the provider's own words. */
  readonly finishReasons?: readonly string[] | undefined;
  /** The tier that served the call, in the provider's own words: `priority`, `flex`, `batch` … */
  readonly serviceTier?: string | undefined;
  /** What the provider bills beside tokens: web searches, file searches … */
  readonly charges?: readonly Charge[] | undefined;
  /** Who answered, where the shape of the answer tells: `anthropic`, `gcp.gen_ai`, `aws.bedrock`, or a framework's name for it. */
  readonly provider?: string | undefined;
  /** What was asked for, where the shape of the answer tells. */
  readonly operation?: Operation | undefined;
  /** What the provider or a gateway says the call cost. */
  readonly reportedCost?: ReportedCost | undefined;
  /**
   * The inferences that the answer sums, where it was more than one: the steps of an AI SDK result, an advisor of another model.
   * `usage` is their sum, so count either these or the answer itself, never both.
   */
  readonly calls?: readonly AnswerFacts[] | undefined;
  /** Stable codes for what could not be read or contradicts itself. */
  readonly problems?: readonly Problem[] | undefined;
}

/** What a model was asked for, named as `gen_ai.operation.name` names it. */
export const Operation = {
  Chat: 'chat',
  Embeddings: 'embeddings',
  GenerateContent: 'generate_content',
  TextCompletion: 'text_completion',
} as const;

/** One of the operations an answer's shape can tell. */
export type Operation = (typeof Operation)[keyof typeof Operation];

/** What can be wrong with an answer. Codes are stable and few: they are counted. */
export const Problem = {
  /** A count is neither a number nor text that holds one; it is left out. */
  UnreadableTokens: 'unreadable_tokens',
  /** A count is below zero; it is left out. */
  NegativeTokens: 'negative_tokens',
  /** A count is not whole; it is left out. */
  FractionalTokens: 'fractional_tokens',
  /** A count is larger than any call's; it is left out. */
  AbsurdTokens: 'absurd_tokens',
  /** A part is larger than its whole. */
  PartExceedsWhole: 'part_exceeds_whole',
  /** The cached part is not inside the input, against the shape's rule: it was added. */
  CacheBesideInput: 'cache_beside_input',
  /** The reasoning part is not inside the output, against the shape's rule: it was added. */
  ReasoningBesideOutput: 'reasoning_beside_output',
  /** Neither input nor output was counted, or both as zero, which no call's are: as good as no usage. */
  EmptyUsage: 'empty_usage',
  /** The input is zero although something was generated: nobody counted it. */
  InputNotReported: 'input_not_reported',
  /** The value is a promise; its result was wanted. */
  PromiseNotAwaited: 'promise_not_awaited',
  /** The value is a stream that is still to be read. */
  StreamNotRead: 'stream_not_read',
  /** The value holds several answers, old ones perhaps among them; they are not summed. */
  SeveralAnswers: 'several_answers',
  /** Looking at the value threw. */
  ReaderFailed: 'reader_failed',
} as const;

/** One of the codes of {@link AnswerFacts.problems}. */
export type Problem = (typeof Problem)[keyof typeof Problem];

/** The inferences behind an answer: each of the ones it sums, or the answer itself. */
export function callsOf(facts: AnswerFacts): readonly AnswerFacts[] {
  return facts.calls ?? [facts];
}
