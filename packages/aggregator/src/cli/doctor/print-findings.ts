// Findings for people: the worst first, each with where it is, why it matters and what to do.

import { type Finding, isProblem, SEVERITIES, Severity } from '@turnmeter/doctor';
import type { Invocation } from '../invocation.ts';
import { plural } from '../text/amounts.ts';
import { shown } from '../text/escape.ts';
import type { Tone } from '../text/paint.ts';
import { wrap } from '../text/wrap.ts';

interface Heading {
  readonly title: string;
  readonly mark: string;
  readonly tone: Tone;
}

const HEADINGS: Readonly<Record<Severity, Heading>> = {
  [Severity.LOSES_DATA]: { title: 'loses data', mark: '✗', tone: 'bad' },
  [Severity.WRONG_FIGURES]: { title: 'makes figures wrong', mark: '✗', tone: 'bad' },
  [Severity.ADVICE]: { title: 'advice', mark: '!', tone: 'warning' },
  [Severity.FINE]: { title: 'fine', mark: '✓', tone: 'good' },
};

export function printFindings(invocation: Invocation, findings: readonly Finding[], isFineShown: boolean): void {
  const subjects = new Set(findings.map(({ subject }) => subject));
  for (const severity of SEVERITIES) {
    const own = findings.filter((finding) => finding.severity === severity);
    if (own.length === 0 || (severity === Severity.FINE && !isFineShown)) continue;
    invocation.print(invocation.paint('title', HEADINGS[severity].title));
    for (const finding of own) printFinding(invocation, finding, subjects.size > 1);
    invocation.print('');
  }
  printSum(invocation, findings, isFineShown);
}

const INDENT = '  ';
/** Texts come from files of the app and from telemetry: long ones are cut. */
const TEXT_WIDTH_MAX = 500;
const PLACES_MAX = 6;

/** One finding: `✗ what was found  [check]`, and lines below it. */
function printFinding(invocation: Invocation, finding: Finding, isSubjectShown: boolean): void {
  const { paint, width = 120 } = invocation;
  const { check, subject, severity, found, where = [], why, fix, isHeuristic = false } = finding;
  const { mark, tone } = HEADINGS[severity];
  const label = [isSubjectShown ? shown(subject) : '', check, isHeuristic ? 'by the look of it' : '']
    .filter((part) => part !== '')
    .join(', ');
  const [first = '', ...others] = wrap(`${shown(found, TEXT_WIDTH_MAX)} (${label})`, width - INDENT.length);
  invocation.print(`${paint(tone, mark)} ${first}`, ...others.map((line) => INDENT + line));
  if (severity === Severity.FINE) return;
  const places =
    where.length > PLACES_MAX ? [...where.slice(0, PLACES_MAX), `and ${where.length - PLACES_MAX} more`] : where;
  printBlock(invocation, 'in', places, false);
  printBlock(invocation, 'why', [why], false);
  printBlock(invocation, 'fix', fix, true);
}

const NAME_WIDTH = 5;

/** `  why  the sentence`; a fix is to be copied, so its lines stay whole. */
function printBlock(invocation: Invocation, name: string, texts: readonly string[], isVerbatim: boolean): void {
  const { paint, width = 120 } = invocation;
  const room = width - INDENT.length - NAME_WIDTH;
  const lines = texts.flatMap((text) =>
    isVerbatim ? [shown(text, TEXT_WIDTH_MAX)] : wrap(shown(text, TEXT_WIDTH_MAX), room),
  );
  for (const [at, line] of lines.entries()) {
    const title = at === 0 ? paint('faint', name) + ' '.repeat(NAME_WIDTH - name.length) : ' '.repeat(NAME_WIDTH);
    invocation.print(INDENT + title + (isVerbatim ? paint('name', line) : line));
  }
}

/** `2 problems, 1 piece of advice; 7 things are fine (--all lists them)`. */
function printSum(invocation: Invocation, findings: readonly Finding[], isFineShown: boolean): void {
  const { paint } = invocation;
  const problems = findings.filter(isProblem).length;
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const advice = count(Severity.ADVICE) === 0 ? '' : `, ${plural(count(Severity.ADVICE), 'piece')} of advice`;
  const isHidden = !isFineShown && count(Severity.FINE) > 0;
  const fine = `; ${plural(count(Severity.FINE), 'thing')} as ${count(Severity.FINE) === 1 ? 'it' : 'they'} should be${isHidden ? ' (--all lists them)' : ''}`;
  const sum =
    problems === 0 ? paint('good', 'Nothing found that loses data') : paint('bad', plural(problems, 'problem'));
  invocation.print(`${sum}${advice}${count(Severity.FINE) === 0 ? '' : fine}.`);
}
