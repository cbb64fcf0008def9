// What a resource tells about all records of its process, read once for each.

import { ATTR_HOST_NAME, ATTR_PROCESS_PID, ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@turnmeter/semconv';
import type { Resource } from '../record/record.ts';
import { Field } from '../vocabulary/fields.ts';
import { isSessionId } from './ids.ts';

export interface ResourceFacts {
  /** `service.name`, '' when the SDK made one up (`unknown_service:node`). */
  readonly service: string;
  /** What tells one process from another: records of one process share a clock. */
  readonly process: string;
  readonly session: string;
  readonly workflow: string;
  readonly user: string;
}

const remembered = new WeakMap<Resource, ResourceFacts>();

export function factsOf(resource: Resource): ResourceFacts {
  let facts = remembered.get(resource);
  if (facts === undefined) {
    facts = readFacts(resource);
    remembered.set(resource, facts);
  }
  return facts;
}

function readFacts({ attributes }: Resource): ResourceFacts {
  const name = attributes.string(ATTR_SERVICE_NAME) ?? '';
  const service = name.startsWith('unknown_service') ? '' : name;
  const instance =
    attributes.string(ATTR_SERVICE_INSTANCE_ID) ??
    `${attributes.string(ATTR_HOST_NAME) ?? ''}/${attributes.string(ATTR_PROCESS_PID) ?? ''}`;
  const session = attributes.text(Field.SESSION) ?? '';
  return {
    service,
    process: `${service}/${instance}`,
    session: isSessionId(session) ? session : '',
    workflow: attributes.text(Field.WORKFLOW) ?? '',
    user: attributes.text(Field.USER) ?? '',
  };
}
