/** Words of a command as a shell takes them: quotes hold together and go, everything else is at spaces. Commands after `&&`, `||`, `;`, `|` are others. */
export function shellCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const [token, single, double] of text.matchAll(TOKEN)) {
    if (/^(?:&&|\|\|?|;|&)$/.test(token)) commands.push([]);
    else commands.at(-1)?.push(wordOf(token, single ?? double));
  }
  return commands.filter((words) => words.length > 0);
}

/** `'a b'`, `"a b"`, `A="b c"`, `word`, `&&`. */
const TOKEN = /&&|\|\|?|;|&|'([^']*)'(?=\s|$)|"((?:\\.|[^"\\])*)"(?=\s|$)|(?:[^\s'"&|;]|'[^']*'|"(?:\\.|[^"\\])*")+/g;

function wordOf(token: string, quoted: string | undefined): string {
  return (quoted ?? token.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, '$1$2')).replaceAll(/\\(["\\])/g, '$1');
}
