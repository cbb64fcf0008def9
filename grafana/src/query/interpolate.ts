// Variables in queries, as Grafana's browser side replaces them (grafana/scenes, formatRegistry.ts and MultiValueVariable.ts): for tests and
// for the preview, so that what they ask is what Grafana would ask.

/** What Grafana has in the address when all values are chosen. */
const ALL = '$__all';

/** A variable and what is chosen of it: a value, several, or `$__all`. */
export interface Variable {
  readonly value: string | readonly string[];
  /** What all stands for; else all options. */
  readonly allValue?: string | undefined;
  readonly options?: readonly string[];
  /** Whether several or all may be chosen, as Prometheus' source asks before it escapes. @default false */
  readonly isMulti?: boolean;
}

export type Variables = Readonly<Record<string, Variable>>;

/** How a value is written where no format is named: each data source has its own way. */
export type DefaultFormat = (value: string | readonly string[], variable: Variable) => string;

/** `$name`, `[[name]]`, `[[name:format]]`, `${name}`, `${name.field}`, `${name:format:argument}` */
const VARIABLE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}/g;

/** The text with its variables replaced. Names that are no variables stay, as Grafana leaves them. */
export function interpolate(text: string, variables: Variables, defaultFormat: DefaultFormat): string {
  return text.replaceAll(VARIABLE, (match, ...groups: (string | undefined)[]) => {
    const [plain, bracketed, bracketFormat, braced, , bracedFormat] = groups;
    const name = plain ?? bracketed ?? braced ?? '';
    const variable = variables[name];
    return variable === undefined
      ? match
      : written({ name, variable, as: bracketFormat ?? bracedFormat ?? '', defaultFormat });
  });
}

interface Formatted {
  readonly name: string;
  readonly variable: Variable;
  readonly as: string;
  readonly defaultFormat: DefaultFormat;
}

function written({ name, variable, as, defaultFormat }: Formatted): string {
  const isAll = variable.value === ALL || variable.value[0] === ALL;
  // What stands for all is written as it is, whatever the format.
  if (isAll && variable.allValue !== undefined) {
    return as === 'percentencode' ? encodeStrictly(variable.allValue) : variable.allValue;
  }
  const value = isAll ? (variable.options ?? []) : variable.value;
  const [kind, ...args] = as.split(':');
  const one = (each: (text: string) => string): string =>
    (typeof value === 'string' ? [value] : value).map(each).join(',');
  switch (kind) {
    case '':
      return defaultFormat(value, variable);
    case 'raw':
      return String(value);
    case 'percentencode':
      return encodeStrictly(typeof value === 'string' ? value : `{${value.join(',')}}`);
    case 'customqueryparam': {
      const parameter = encodeStrictly(args[0] ?? name);
      const values = typeof value === 'string' ? [value] : value;
      return values.map((text) => `${parameter}=${encodeStrictly(args[1] ?? '')}${encodeStrictly(text)}`).join('&');
    }
    case 'singlequote':
      return one((text) => `'${text.replaceAll("'", String.raw`\'`)}'`);
    case 'text':
      return isAll ? 'All' : typeof value === 'string' ? value : value.join(' + ');
    default:
      throw new Error(`A variable is written in a format that is not known here: \${${name}:${as}}`);
  }
}

/** As `encodeURIComponentStrict` of Grafana: letters, digits and `-_.~` stay. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
