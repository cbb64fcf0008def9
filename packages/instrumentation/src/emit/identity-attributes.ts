import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_SESSION_ID,
  ATTR_TURNMETER_PURPOSE,
  ATTR_TURNMETER_TENANT_ID,
  ATTR_TURNMETER_WORKFLOW_VERSION,
  ATTR_USER_ID,
  MetricLabel,
} from '@turnmeter/semconv';
import type { Identity } from '../session/identity.ts';
import type { Scope } from '../session/scope.ts';

/** What is stamped on every span: each backend then finds session, workflow and agent without looking at other spans. */
export function identityAttributes({ identity, purpose }: Pick<Scope, 'identity' | 'purpose'>): Attributes {
  const attributes: Attributes = {};
  if (identity.session !== undefined) {
    attributes[ATTR_GEN_AI_CONVERSATION_ID] = identity.session;
    attributes[ATTR_SESSION_ID] = identity.session;
  }
  if (identity.workflow !== undefined) attributes[ATTR_GEN_AI_WORKFLOW_NAME] = identity.workflow;
  if (identity.workflowVersion !== undefined) attributes[ATTR_TURNMETER_WORKFLOW_VERSION] = identity.workflowVersion;
  if (identity.tenant !== undefined) attributes[ATTR_TURNMETER_TENANT_ID] = identity.tenant;
  if (identity.user !== undefined) attributes[ATTR_USER_ID] = identity.user;
  if (identity.agent !== undefined) attributes[ATTR_GEN_AI_AGENT_NAME] = identity.agent;
  if (purpose !== undefined) attributes[ATTR_TURNMETER_PURPOSE] = purpose;
  return attributes;
}

/** Attributes of the conventions' metrics: never a session, a user or a span. */
export function standardLabels({ tenant, workflow, agent }: Identity): Attributes {
  const labels: Attributes = {};
  // Whoever counts spans and metrics per tenant must find both in the same one.
  if (tenant !== undefined) labels[ATTR_TURNMETER_TENANT_ID] = tenant;
  if (workflow !== undefined) labels[ATTR_GEN_AI_WORKFLOW_NAME] = workflow;
  if (agent !== undefined) labels[ATTR_GEN_AI_AGENT_NAME] = agent;
  return labels;
}

/** Labels of Turnmeter's metrics, as the aggregator's own are. */
export function ownLabels({ tenant, workflow, agent }: Identity): Attributes {
  const labels: Attributes = {};
  if (tenant !== undefined) {
    labels[MetricLabel.TENANT] = tenant;
    labels[ATTR_TURNMETER_TENANT_ID] = tenant;
  }
  if (workflow !== undefined) labels[MetricLabel.WORKFLOW] = workflow;
  if (agent !== undefined) labels[MetricLabel.AGENT] = agent;
  return labels;
}
