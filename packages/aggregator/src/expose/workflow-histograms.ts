// The histograms of a workflow: what its sessions cost, how long they and their turns took.

import { Families } from './families.ts';
import type { Labels } from './labels.ts';
import { type HistogramLayout, RisingHistogram } from './rising-histogram.ts';

export type HistogramName = 'turnDuration' | 'sessionCost' | 'sessionDuration';

const MICROSECONDS = 1e6;
const NANO_USD = 1e9;

/** Bounds are in the 1-2-5 steps of money, and in seconds that people promise each other. */
export const HISTOGRAMS: Readonly<Record<HistogramName, HistogramLayout>> = {
  turnDuration: {
    family: Families.turnDuration,
    bounds: [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300],
    scale: MICROSECONDS,
  },
  sessionCost: {
    family: Families.sessionCost,
    bounds: [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 50],
    scale: NANO_USD,
  },
  sessionDuration: {
    family: Families.sessionDuration,
    bounds: [1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 14_400],
    scale: MICROSECONDS,
  },
};

export type WorkflowHistograms = Readonly<Record<HistogramName, RisingHistogram>>;

export function workflowHistograms(labels: Labels, createdMs: number): WorkflowHistograms {
  return {
    turnDuration: new RisingHistogram(HISTOGRAMS.turnDuration, labels, createdMs),
    sessionCost: new RisingHistogram(HISTOGRAMS.sessionCost, labels, createdMs),
    sessionDuration: new RisingHistogram(HISTOGRAMS.sessionDuration, labels, createdMs),
  };
}
