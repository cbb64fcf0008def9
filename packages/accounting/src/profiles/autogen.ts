// Microsoft AutoGen 0.4 and newer: agents and messages, no model calls of its own (a client's instrumentation has those). A chat is many
// traces, one for each published message; what they share is the team's uuid in the ids of its agents.

import {
  ATTR_GEN_AI_AGENT_ID,
  ATTR_GEN_AI_SYSTEM,
  ATTR_MESSAGING_DESTINATION,
  ATTR_MICROSOFT_RECIPIENT_AGENT_TYPE,
  ATTR_MICROSOFT_SENDER_AGENT_TYPE,
  SCOPE_AUTOGEN_CORE,
  SCOPE_PREFIX_AUTOGEN,
} from '@turnmeter/semconv';
import type { Draft } from '../observe/draft.ts';
import { Role } from '../observe/observation.ts';
import { roleOfOperation } from '../observe/operations.ts';
import type { Profile } from '../observe/profile.ts';
import type { TelemetryRecord } from '../record/record.ts';
import { SPEAKER_SELECTION_PURPOSE } from './ag2-names.ts';
import { transferTarget } from './langgraph.ts';

/** Names of whom the message is for and from, best first. */
const ADDRESSES = [
  ATTR_GEN_AI_AGENT_ID,
  ATTR_MICROSOFT_RECIPIENT_AGENT_TYPE,
  ATTR_MESSAGING_DESTINATION,
  ATTR_MICROSOFT_SENDER_AGENT_TYPE,
];

export const autoGen: Profile = {
  name: 'autogen',
  title: 'Microsoft AutoGen (core and agentchat)',
  marks: [ATTR_MICROSOFT_RECIPIENT_AGENT_TYPE, ATTR_MICROSOFT_SENDER_AGENT_TYPE],
  scopes: [SCOPE_AUTOGEN_CORE, `${SCOPE_PREFIX_AUTOGEN}*`],
  claims: (record) =>
    record.signal === 'span' &&
    (record.scope.name === SCOPE_AUTOGEN_CORE ||
      record.scope.name.startsWith(SCOPE_PREFIX_AUTOGEN) ||
      record.attributes.string(ATTR_GEN_AI_SYSTEM) === 'autogen'),
  read(record, draft) {
    if (draft.conversation === '') draft.conversation = teamIn(record);
    draft.agentId = '';
    const role = roleOfOperation(draft.operation);
    if (role === Role.AGENT) {
      draft.role = role;
    } else if (role === Role.TOOL) {
      draft.role = role;
      draft.handoffTo = transferTarget(draft.tool);
    } else if (isManager(record)) {
      readManager(draft);
    } else {
      draft.role = Role.STEP;
    }
  },
};

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** `Writer_0a5b…/0a5b…` → the uuid of the team that the agent belongs to. */
function teamIn({ attributes }: TelemetryRecord): string {
  for (const name of ADDRESSES) {
    const uuid = UUID.exec(attributes.string(name) ?? '')?.[0];
    if (uuid !== undefined) return uuid;
  }
  return '';
}

function isManager(record: TelemetryRecord): boolean {
  return (record.attributes.string(ATTR_MICROSOFT_RECIPIENT_AGENT_TYPE) ?? '').startsWith('SelectorGroupChatManager');
}

/** Calls right below it pick the next speaker; whoever speaks then does so in an agent's span. */
function readManager(draft: Draft): void {
  draft.role = Role.SPEAKER_SELECTION;
  draft.purpose = SPEAKER_SELECTION_PURPOSE;
}
