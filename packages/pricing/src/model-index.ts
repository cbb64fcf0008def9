import { gradeMatch, MatchGrade, type MatchClause } from './match-clause.ts';
import type { BookModel, BookProvider } from './snapshot.ts';

/** A model of the list and how well the name fits it. */
export interface ModelMatch {
  readonly model: BookModel;
  readonly grade: MatchGrade;
}

/** Finds the first model of a provider that recognizes a name in lower case. */
export type ModelIndex = (name: string) => ModelMatch | undefined;

/**
 * Prepares a provider's models: most are recognized by name alone, which one look-up answers; only the others are tried in
 * turn. The answer is the one that trying all of them in the list's order would give.
 */
export function indexModels(provider: BookProvider): ModelIndex {
  const places = new Map<string, number>();
  const patterns: { readonly place: number; readonly clause: MatchClause }[] = [];
  for (const [place, model] of provider.models.entries()) {
    for (const clause of alternatives(model.match)) {
      if (clause.kind !== 'equals') {
        patterns.push({ place, clause });
      } else if (!places.has(clause.text)) {
        places.set(clause.text, place);
      }
    }
  }
  return (name) => {
    const named = places.get(name) ?? Infinity;
    const byPattern = patterns.find(({ place, clause }) => place < named && gradeMatch(clause, name) > MatchGrade.None);
    const model = provider.models[byPattern?.place ?? named];
    if (model === undefined) {
      return undefined;
    }
    const isNamed = model.id.toLowerCase() === name;
    return { model, grade: isNamed ? MatchGrade.Precise : gradeMatch(model.match, name) };
  };
}

function alternatives(clause: MatchClause): readonly MatchClause[] {
  return clause.kind === 'or' ? clause.clauses.flatMap(alternatives) : [clause];
}
