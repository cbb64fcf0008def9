// What can be noticed about a record while it is read: what was repaired, what had to be chosen, what its producer leaves out. Stable
// codes with the sentence that `explain` says for each.

export const NOTES = {
  absurd_tokens: 'A token count was larger than any call can have, and was left out.',
  attributes_dropped_by_producer:
    'The producer dropped attributes over its own limits; usage may have been among them.',
  cache_beside_input:
    'The cached tokens were beside the input, as the record’s own numbers show, and were added to it.',
  cache_bucket_undecided:
    'Nothing on the record decides whether the input holds the cached tokens, so the figure is an estimate.',
  cache_found_in_total: 'The total is larger than input and output; what is more was taken for cached tokens.',
  cached_input_not_reported: 'The producer leaves cached tokens out of the input, so this is the least that was read.',
  failure_inferred: 'The call has neither an answer nor a status; it was taken for a failed one.',
  fractional_tokens: 'A token count had a fraction, which was cut off.',
  impossible_time: 'A time was in the far past or future, and was brought to where the record was received.',
  input_not_reported: 'The producer reports the output of this call and not its input.',
  last_step_only: 'The producer reports the usage of the last of several steps, so this is the least that was spent.',
  missing_time: 'A time was missing, and was taken from what else the record says.',
  negative_duration: 'The record ended before it began; its duration was taken for zero.',
  negative_tokens: 'A token count was negative, and was taken for zero.',
  only_total_reported: 'The producer reports one total; all of it is shown as input, because the split is not known.',
  reasoning_not_reported: 'The producer leaves the reasoning tokens out of this record.',
  steps_not_reported:
    'The usage is that of a whole run; it counts as one call, because the producer does not say how many there were.',
  stream_output_over_counted:
    'The producer adds up the output of this stream wrongly; the real figure is slightly smaller.',
  stream_output_may_be_over_counted:
    'If this was a stream, its producer added the first event’s output to it; nothing on the record tells whether it was.',
  thoughts_found_in_total:
    'The total is larger than input and output; what is more was taken for the model’s thoughts.',
  thoughts_not_reported:
    'The model’s thoughts are not in the output, because the producer hides the answer that tells them.',
  tokens_may_be_estimated_by_producer:
    'The producer may have counted with a tokenizer of its own instead of passing on the provider’s figure.',
  untimed_turn: 'Nobody saw the turn begin, so it counts and its time is in no figure.',
  unreadable_tokens: 'A token count was no number, and was left out.',
} as const;

/** Code of something noticed about a record. */
export type Note = keyof typeof NOTES;
