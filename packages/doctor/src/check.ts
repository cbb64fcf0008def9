import { type Diagnosis, type Finding, Severity } from './finding.ts';

/** Looks for one thing that loses data. A check that has nothing to say returns nothing. */
export interface Check<Subject> {
  /** Stable, kebab-case; the name of its file. */
  readonly name: string;
  run(subject: Subject): Promise<readonly Diagnosis[]> | readonly Diagnosis[];
}

/** Runs checks one after the other. One that breaks becomes a finding itself, so that the others are heard. */
export async function runChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
  name: string,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    const diagnoses = await diagnose(check, subject);
    findings.push(...diagnoses.map((diagnosis) => ({ check: check.name, subject: name, ...diagnosis })));
  }
  return findings;
}

async function diagnose<Subject>(check: Check<Subject>, subject: Subject): Promise<readonly Diagnosis[]> {
  try {
    return await check.run(subject);
  } catch (error) {
    return [
      {
        severity: Severity.ADVICE,
        found: `this could not be checked: ${error instanceof Error ? error.message : String(error)}`,
        why: 'What the check would have found is not known.',
        fix: [],
      },
    ];
  }
}
