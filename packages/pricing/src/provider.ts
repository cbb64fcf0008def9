import { gradeMatch, MatchGrade } from './match-clause.ts';
import { LOCAL_PROVIDERS, PROVIDER_ALIASES, UNNAMED_PROVIDERS } from './provider-alias.ts';
import type { BookProvider } from './snapshot.ts';

/** What a provider's name in telemetry stands for. */
export type NamedProvider =
  /** A provider of the price list; guessed if the name only resembles one. */
  | { readonly kind: 'listed'; readonly provider: BookProvider; readonly isGuess: boolean }
  /** Nobody: there is no name, or it is a framework's. */
  | { readonly kind: 'unnamed' }
  /** A server on one's own machine. */
  | { readonly kind: 'local' }
  /** Somebody the price list does not know. */
  | { readonly kind: 'unknown' };

// Names longer than this are nobody's.
const PROVIDER_LENGTH_MAX = 128;

/** Finds out who a name stands for. */
export function nameProvider(name: string | undefined, providers: ReadonlyMap<string, BookProvider>): NamedProvider {
  const wanted = name?.trim().toLowerCase() ?? '';
  if (wanted === '') {
    return { kind: 'unnamed' };
  }
  if (wanted.length > PROVIDER_LENGTH_MAX) {
    return { kind: 'unknown' };
  }
  return findByName(nameCandidates(wanted), providers) ?? guessByPattern(wanted, providers) ?? { kind: 'unknown' };
}

/** Finds out who a name stands for that only looks like a provider's; undefined unless it is exactly one's. */
export function nameProviderExactly(
  name: string,
  providers: ReadonlyMap<string, BookProvider>,
): NamedProvider | undefined {
  return findByName([name], providers);
}

/** The price list's id for a name, or the name itself in lower case: what overrides are compared by. */
export function canonicalProvider(name: string): string {
  const wanted = name.trim().toLowerCase();
  return (
    nameCandidates(wanted)
      .map((candidate) => PROVIDER_ALIASES.get(candidate))
      .find(Boolean) ?? wanted
  );
}

function findByName(
  candidates: readonly string[],
  providers: ReadonlyMap<string, BookProvider>,
): NamedProvider | undefined {
  for (const candidate of candidates) {
    if (UNNAMED_PROVIDERS.has(candidate)) {
      return { kind: 'unnamed' };
    }
    if (LOCAL_PROVIDERS.has(candidate)) {
      return { kind: 'local' };
    }
    const provider = providers.get(PROVIDER_ALIASES.get(candidate) ?? candidate);
    if (provider !== undefined) {
      return { kind: 'listed', provider, isGuess: false };
    }
  }
  return undefined;
}

/** 'google.vertex.chat', 'google.vertex', 'google': the AI SDK names the provider, then its API. */
function nameCandidates(name: string): readonly string[] {
  const candidates = [name];
  for (let dot = name.lastIndexOf('.'); dot > 0 && candidates.length < 4; dot = name.lastIndexOf('.', dot - 1)) {
    candidates.push(name.slice(0, dot));
  }
  return candidates;
}

/** 'our-azure-openai' is a guess at Azure, 'openai-eu' one at OpenAI. */
function guessByPattern(name: string, providers: ReadonlyMap<string, BookProvider>): NamedProvider | undefined {
  // Azure's models carry OpenAI's name, and the list itself has no pattern for Azure.
  const azure = name.includes('azure') ? providers.get('azure') : undefined;
  const provider =
    azure ??
    [...providers.values()].find(
      ({ providerMatch }) => providerMatch !== undefined && gradeMatch(providerMatch, name) > MatchGrade.None,
    );
  return provider === undefined ? undefined : { kind: 'listed', provider, isGuess: true };
}
