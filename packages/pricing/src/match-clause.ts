import { PricingError, PricingErrorCode, shown } from './pricing-error.ts';

/** How a price list recognizes a name. Texts are lower case, and so must be the name. */
export type MatchClause =
  | { readonly kind: 'equals' | 'starts_with' | 'ends_with' | 'contains'; readonly text: string }
  | { readonly kind: 'regex'; readonly pattern: RegExp }
  | { readonly kind: 'or' | 'and'; readonly clauses: readonly MatchClause[] };

/** How well a name was recognized. */
export const MatchGrade = {
  None: 0,
  /** The name only resembles what was looked for: `o4-mini-of-our-team`. */
  Loose: 1,
  /** The name itself, or with nothing but a date, a revision, or a cloud's region and vendor around it. */
  Precise: 2,
} as const;

/** How well a name was recognized; higher is better. */
export type MatchGrade = (typeof MatchGrade)[keyof typeof MatchGrade];

const TEXT_KINDS = ['equals', 'starts_with', 'ends_with', 'contains'] as const;
const CLAUSE_DEPTH_MAX = 8;
const REGEX_LENGTH_MAX = 200;

// What may follow a known name without making it another model: '-20250929', '-2025-04-14', '@20250929', '-preview-05-20',
// '-001', '-0528', '-v1:0', '-latest'. Not '-5' or '-mini': that is the next model. Each repetition starts with its separator
// and the alternatives differ in length or first character, so the match takes linear time.
const REVISION = /^(?:-(?:latest|preview|exp)|[-@](?:\d{3,4}|\d{8})|-[01]\d-[0-3]\d|-v\d{1,2}|:\d{1,3}k?)*$/;

// What may stand before it: 'us.anthropic.', 'us-gov.', 'anthropic.' (Bedrock), 'publishers/google/models/' is cut before.
const REGION_AND_VENDOR = /^(?:(?:[a-z]{2,6}|us-gov)\.)?(?:[a-z0-9]{2,12}\.)?$/;

/** Reads a clause of a price list. */
export function parseMatchClause(value: unknown, depth = 0): MatchClause {
  const [entry, ...others] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entry === undefined || others.length > 0 || depth > CLAUSE_DEPTH_MAX) {
    throw invalidClause(value);
  }
  const [kind, operand] = entry as [string, unknown];
  if ((kind === 'or' || kind === 'and') && Array.isArray(operand)) {
    return { kind, clauses: operand.map((clause: unknown) => parseMatchClause(clause, depth + 1)) };
  }
  if (kind === 'regex' && typeof operand === 'string' && operand.length <= REGEX_LENGTH_MAX) {
    return { kind, pattern: compileRegex(operand) };
  }
  const textKind = TEXT_KINDS.find((candidate) => candidate === kind);
  if (textKind === undefined || typeof operand !== 'string') {
    throw invalidClause(value);
  }
  return { kind: textKind, text: operand.toLowerCase() };
}

function compileRegex(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new PricingError(
      PricingErrorCode.SnapshotInvalid,
      `price snapshot: a match clause is not a regular expression; received ${shown(source)}`,
      { cause },
    );
  }
}

/** How well a clause recognizes a name in lower case. */
export function gradeMatch(clause: MatchClause, name: string): MatchGrade {
  if ('clauses' in clause) {
    const grades = clause.clauses.map((part) => gradeMatch(part, name));
    return clause.kind === 'and' && grades.includes(MatchGrade.None) ? MatchGrade.None : best(grades);
  }
  if (clause.kind === 'regex') {
    const found = clause.pattern.exec(name);
    return found === null ? MatchGrade.None : gradeRegexMatch(clause.pattern, name, found);
  }
  const at = FIND_TEXT[clause.kind](name, clause.text);
  if (at < 0) {
    return MatchGrade.None;
  }
  // What follows a fine-tuned model's name is the customer's: 'ft:gpt-4o-mini-2024-07-18:our-team::id'.
  const after = clause.text.startsWith('ft:') ? '' : name.slice(at + clause.text.length);
  // Some texts end within a date: 'claude-sonnet-4-2025', 'gemini-2.0-flash-0', 'gpt-5-nano-'.
  const [begun = ''] = /[-@]\d{0,4}$/.exec(clause.text) ?? [];
  const isRevision = REVISION.test(after) || REVISION.test(begun + after);
  return isRevision && REGION_AND_VENDOR.test(name.slice(0, at)) ? MatchGrade.Precise : MatchGrade.Loose;
}

/** Where a name holds a text, -1 if it does not where it should. */
const FIND_TEXT: Readonly<Record<(typeof TEXT_KINDS)[number], (name: string, text: string) => number>> = {
  equals: (name, text) => (name === text ? 0 : -1),
  starts_with: (name, text) => (name.startsWith(text) ? 0 : -1),
  ends_with: (name, text) => (name.endsWith(text) ? name.length - text.length : -1),
  contains: (name, text) => name.indexOf(text),
};

function best(grades: readonly MatchGrade[]): MatchGrade {
  return grades.reduce<MatchGrade>((a, b) => (b > a ? b : a), MatchGrade.None);
}

function gradeRegexMatch(pattern: RegExp, name: string, found: RegExpExecArray): MatchGrade {
  // The lists write '^gpt-6-sol-\d{4}-\d{2}-\d{2}$', which is precise, '^gemini-3\.5-flash-\d', whose rest is a revision
  // without its separator, and '^(?!.*-tts)', a filter beside another clause that matches no text of its own.
  const text = found[0];
  const rest = name.slice(found.index + text.length);
  const isRest = rest === '' || /^\d{1,7}$/.test(rest) || REVISION.test(rest);
  return pattern.source.startsWith('^') && text !== '' && isRest ? MatchGrade.Precise : MatchGrade.Loose;
}

function invalidClause(value: unknown): PricingError {
  return new PricingError(
    PricingErrorCode.SnapshotInvalid,
    `price snapshot: a match clause is not understood; expected one of equals, starts_with, ends_with, contains, regex, ` +
      `or, and, received ${shown(JSON.stringify(value))}`,
  );
}
