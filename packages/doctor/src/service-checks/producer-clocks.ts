import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import { isRow, numberOf } from '../service/document.ts';
import { type Service, serviceNameOf } from '../service/service.ts';

const AHEAD_MAX_SECONDS = 2;
/** Batches wait for seconds, and retries for minutes. */
const BEHIND_MAX_SECONDS = 600;
const TIME_NOTES = ['impossible_time', 'missing_time', 'negative_duration'];

/** Clocks of those who send. */
export const producerClocks: Check<Service> = {
  name: 'producer-clocks',
  run: ({ clocks, producers }) => [
    ...clocks.flatMap((row): Diagnosis[] => {
      const where = [`service ${serviceNameOf(row)}`];
      const ahead = numberOf(row, 'ahead_seconds');
      const behind = numberOf(row, 'behind_seconds');
      return [
        ...(ahead > AHEAD_MAX_SECONDS ? [aheadOfTime(ahead, where)] : []),
        ...(behind > BEHIND_MAX_SECONDS ? [behindTime(behind, where)] : []),
      ];
    }),
    ...repaired(producers),
  ],
};

function aheadOfTime(seconds: number, where: readonly string[]): Diagnosis {
  return {
    severity: Severity.WRONG_FIGURES,
    found: `spans end up to ${Math.round(seconds)} s after they were received: the clock is ahead`,
    where,
    why: 'They count at the wrong time, and beside other services’ spans in the wrong order.',
    fix: ['let the machine keep time: timedatectl set-ntp true'],
  };
}

function behindTime(seconds: number, where: readonly string[]): Diagnosis {
  return {
    severity: Severity.ADVICE,
    found: `spans arrive at least ${Math.round(seconds / 60)} min after they ended`,
    where,
    why: 'Either the clock is behind, or what arrives is old: figures of running sessions are late by as much.',
    fix: ['nothing for data that are imported; else: timedatectl set-ntp true, and OTEL_BSP_SCHEDULE_DELAY=5000'],
    isHeuristic: true,
  };
}

function repaired(producers: Service['producers']): readonly Diagnosis[] {
  const faulty = producers.flatMap((row) => {
    const notes = isRow(row['notes']) ? row['notes'] : {};
    const count = TIME_NOTES.reduce((sum, note) => sum + numberOf(notes, note), 0);
    return count === 0 ? [] : [{ service: serviceNameOf(row), count }];
  });
  const count = faulty.reduce((sum, row) => sum + row.count, 0);
  if (count === 0) return [];
  return [
    {
      severity: Severity.WRONG_FIGURES,
      found: `${count} records had times that cannot be, and were brought to when they were received`,
      where: [...new Set(faulty.map(({ service }) => `service ${service}`))],
      why: 'How long they took is not known, so response times and durations are too short.',
      fix: ['turnmeter explain <trace> names them; spans must end after they began, by one clock'],
    },
  ];
}
