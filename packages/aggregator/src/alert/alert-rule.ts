// A rule, and how it stands. What people write of them is checked at the edge of the API.

import type { AlertMeasure, SubjectKind } from './measures.ts';

export interface AlertConditions {
  readonly workflow?: string | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
}

export type Comparison = 'above' | 'below';

/** What a tenant wants to be told of. */
export interface AlertRuleDraft {
  readonly name: string;
  readonly what: AlertMeasure;
  readonly where: AlertConditions;
  readonly comparison: Comparison;
  /** In the unit of the measure. */
  readonly threshold: number;
  /** Of windowed measures; undefined for the others. */
  readonly windowSeconds: number | undefined;
  /** How long it must hold before it is told. 0 tells at once. */
  readonly forSeconds: number;
  /** A state that goes on is told again after this, and not sooner. */
  readonly repeatSeconds: number;
  readonly webhookUrl: string;
  readonly isEnabled: boolean;
}

export interface AlertRule extends AlertRuleDraft {
  readonly id: string;
  readonly tenant: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** Name of the key that changed it last. */
  readonly changedBy: string;
  /** Why it was disabled by itself: the receiver answered 410 Gone. Empty otherwise. */
  readonly disabledBecause: string;
}

export interface AlertSubject {
  readonly kind: SubjectKind;
  /** A session, workflow or account; the tenant itself. */
  readonly name: string;
  /** Of a session; empty otherwise. */
  readonly workflow: string;
}

/** What one subject of a rule measures now. */
export interface Reading {
  readonly subject: AlertSubject;
  readonly value: number;
  /**
   * When a session that is over was booked to last, ms; undefined for whatever goes on. What is over may still be told of, once, and is
   * resolved then.
   */
  readonly overSinceMs?: number | undefined;
}

export const AlertStatus = { PENDING: 'pending', FIRING: 'firing', RESOLVED: 'resolved' } as const;
export type AlertStatus = (typeof AlertStatus)[keyof typeof AlertStatus];

/** Why an alert is no more. */
export type ResolvedBecause = 'condition' | 'over' | 'no_data';

/** How a rule stands for one of its subjects. */
export interface AlertState {
  /** Of rule and subject: the same as long as both are. */
  readonly fingerprint: string;
  readonly ruleId: string;
  readonly tenant: string;
  readonly subject: AlertSubject;
  readonly status: AlertStatus;
  readonly value: number;
  /** When the condition began to hold, ms. */
  readonly sinceMs: number;
  readonly firedAtMs: number | undefined;
  readonly resolvedAtMs: number | undefined;
  readonly resolvedBecause: ResolvedBecause | undefined;
  /** The status that was told last, and when; undefined while nothing was. */
  readonly toldStatus: 'firing' | 'resolved' | undefined;
  readonly toldAtMs: number | undefined;
  /** Messages of this firing so far. */
  readonly told: number;
}
