// What receivers are told. The envelope is that of Standard Webhooks: type, timestamp, data.

import { createHash } from 'node:crypto';
import { type AlertRule, type AlertState, AlertStatus, type AlertSubject } from './alert-rule.ts';
import { MEASURES } from './measures.ts';

export const MessageType = { FIRING: 'alert.firing', RESOLVED: 'alert.resolved', TEST: 'alert.test' } as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

export interface Message {
  /** `webhook-id`: the same for the same news, so that it is sent once, whoever writes it how often. */
  readonly id: string;
  readonly body: string;
}

/** What is told of a state that is not told yet. */
export function messageOf(rule: AlertRule, state: AlertState, nowMs: number): Message {
  const { fingerprint, sinceMs, status, told, value, firedAtMs, resolvedAtMs, resolvedBecause } = state;
  const type = status === AlertStatus.RESOLVED ? MessageType.RESOLVED : MessageType.FIRING;
  const news = JSON.stringify([fingerprint, sinceMs, type, told]);
  const times = {
    since: timeOf(sinceMs),
    fired_at: timeOf(firedAtMs),
    resolved_at: timeOf(resolvedAtMs),
    resolved_because: resolvedBecause ?? null,
  };
  return {
    id: `msg_${createHash('sha256').update(news).digest('hex').slice(0, 32)}`,
    body: bodyOf(type, nowMs, {
      ...ruleFields(rule),
      fingerprint,
      subject: subjectFields(state.subject),
      value,
      ...times,
    }),
  };
}

/** Marked as a test, and about nothing that happened. */
export function testMessage(rule: AlertRule, id: string, nowMs: number): Message {
  const { subject } = MEASURES[rule.what];
  const example: AlertSubject = { kind: subject, name: 'test', workflow: subject === 'session' ? 'test' : '' };
  const times = { since: timeOf(nowMs), fired_at: timeOf(nowMs), resolved_at: null, resolved_because: null };
  const data = {
    ...ruleFields(rule),
    fingerprint: '',
    subject: subjectFields(example),
    value: rule.threshold,
    ...times,
  };
  return { id, body: bodyOf(MessageType.TEST, nowMs, data) };
}

function bodyOf(type: MessageType, nowMs: number, data: object): string {
  return JSON.stringify({ type, timestamp: timeOf(nowMs), data });
}

function ruleFields({ id, name, tenant, what, where, comparison, threshold, windowSeconds }: AlertRule): object {
  return {
    alert_id: id,
    name,
    tenant,
    what,
    unit: MEASURES[what].unit,
    comparison,
    threshold,
    window_seconds: windowSeconds ?? null,
    where: { workflow: where.workflow ?? null, agent: where.agent ?? null, model: where.model ?? null },
  };
}

function subjectFields({ kind, name, workflow }: AlertSubject): object {
  return { kind, name, workflow: workflow === '' ? null : workflow };
}

function timeOf(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
