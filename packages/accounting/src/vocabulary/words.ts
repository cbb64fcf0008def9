// Takes names apart into words, however a producer, a language or a Collector writes them.

/** `myagent.promptTokens`, `MYAGENT_PROMPT_TOKENS` → ['myagent', 'prompt', 'tokens']. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z])([A-Z])|([0-9])([A-Z][a-z])/g, '$1$3.$2$4')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1.$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .flatMap((word) => unglue(word))
    .filter((word) => word !== '');
}

/** `prompttokens`, `tokencount`, `tokensin`: what C and Go programs and lower-casing proxies make of `promptTokens`. */
const GLUED =
  /^(prompt|input|output|completion|total|cached|cache|reasoning|thinking|usage|num|llm)?(tokens|token)(in|out|used|count|input|output|total|usage)?$/;

function unglue(word: string): readonly string[] {
  if (!word.includes('token')) return [word];
  const [, before = '', token = word, after = ''] = GLUED.exec(word) ?? [];
  return [before, token, after];
}
