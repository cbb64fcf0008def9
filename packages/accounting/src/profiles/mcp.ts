// Model Context Protocol: of its requests only `tools/call` does something, and only the client's side of it counts.

import { ATTR_MCP_METHOD_NAME } from '@turnmeter/semconv';
import { Role } from '../observe/observation.ts';
import type { Profile } from '../observe/profile.ts';
import { transferTarget } from './langgraph.ts';

/** OTLP's span kind of the answering side. */
const SERVER = 2;

export const mcp: Profile = {
  name: 'mcp',
  title: 'Model Context Protocol clients and servers',
  marks: [ATTR_MCP_METHOD_NAME],
  claims: (record) => record.signal === 'span',
  read(record, draft) {
    draft.operation = (record.attributes.string(ATTR_MCP_METHOD_NAME) ?? '').slice(0, 100);
    draft.role = Role.STEP;
    // A server often cannot be tied to the client's span, and would count the call again in a trace of its own.
    if (record.signal !== 'span' || draft.operation !== 'tools/call' || record.kind === SERVER) return;
    draft.role = Role.TOOL;
    if (draft.tool === '') draft.tool = record.name.replace(/^tools\/call /, '').slice(0, 100);
    draft.handoffTo = transferTarget(draft.tool);
  },
};
