// What is wrong with a dashboard: which rule says so, where, and what it found.

export interface Problem {
  readonly rule: string;
  readonly where: string;
  readonly found: string;
}

export function problem(rule: string, where: string | undefined, found: string): Problem {
  return { rule, where: where ?? 'a panel without title', found };
}
