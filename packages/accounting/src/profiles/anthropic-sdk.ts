// Anthropic's own SDK traces itself as soon as the application has a tracer provider: the best record of a call there is, beside
// whatever framework or instrumentation saw it too.

import { ATTR_ANTHROPIC_MESSAGE_COUNT_TOKENS_INPUT_TOKENS, SCOPE_PREFIX_COM_ANTHROPIC_SDK } from '@turnmeter/semconv';
import { readCall } from '../observe/call.ts';
import { Role, WireDistance } from '../observe/observation.ts';
import { isCallRole, roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';

export const anthropicSdk: Profile = {
  name: 'anthropic-sdk',
  title: "Anthropic's SDK, tracing itself",
  marks: [],
  scopes: [`${SCOPE_PREFIX_COM_ANTHROPIC_SDK}*`],
  read(record, draft) {
    const role = roleOfOperation(draft.operation);
    // Counting a prompt's tokens is free of charge, whatever another processor stamps on the span.
    const isCount =
      record.attributes.has(ATTR_ANTHROPIC_MESSAGE_COUNT_TOKENS_INPUT_TOKENS) ||
      (record.signal === 'span' && record.name.endsWith('count_tokens'));
    if (isCount || role === undefined || !isCallRole(role)) draft.role = Role.STEP;
    else readCall(record, draft, { wireDistance: WireDistance.PROVIDER_SDK, cache: 'inside', reasoning: 'inside' });
  },
};
