// opencode: the spans of the AI SDK beneath it. Each sub-agent has a session of its own, which lies within its parent's.

import { ATTR_AI_OPERATION_ID } from '@turnmeter/semconv';
import { SessionRank } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { factsOf } from '../observe/resource-facts.ts';
import { aiSdk } from './ai-sdk.ts';

export const opencode: Profile = {
  name: 'opencode',
  title: 'opencode',
  marks: [ATTR_AI_OPERATION_ID],
  claims: (record) => record.signal === 'span' && factsOf(record.resource).service === 'opencode',
  read(record, draft) {
    aiSdk.read(record, draft);
    if (draft.session === '' || draft.sessionRank === SessionRank.TURNMETER) return;
    // Of conversations the outermost names the session, of sessions the nearest would.
    draft.conversation = draft.session;
    draft.session = '';
    draft.sessionRank = SessionRank.NONE;
  },
};
