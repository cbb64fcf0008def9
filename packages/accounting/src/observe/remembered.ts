// Answers about names: of models, tools, scopes, which are few and asked about with every record.

/** Names remembered for a question. They come from outside: past the bound they are looked at each time. */
const NAMES_MAX = 5000;
/** A longer name is no name. */
const NAME_LENGTH_MAX = 200;

/** The same question, asked once for each name. Its answer may depend on nothing but the name. */
export function remembered<Answer extends string | number | boolean>(
  ask: (name: string) => Answer,
): (name: string) => Answer {
  const answers = new Map<string, Answer>();
  return (name) => {
    const known = answers.get(name);
    if (known !== undefined) return known;
    const answer = ask(name);
    if (answers.size < NAMES_MAX && name.length <= NAME_LENGTH_MAX) answers.set(name, answer);
    return answer;
  };
}
