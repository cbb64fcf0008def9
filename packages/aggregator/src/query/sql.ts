/**
 * A piece of SQL that stands in this program's text. What people send goes in as bound parameters (`{name:Type}`) and in no other way:
 * a template takes only other pieces, the class cannot be made from a string elsewhere, and the readers accept nothing else.
 */
export class Sql {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** @internal Use the tag {@link sql}. */
  static of(strings: TemplateStringsArray, pieces: readonly Sql[]): Sql {
    return new Sql(strings.reduce((text, next, at) => `${text}${pieces[at - 1]?.text ?? ''}${next}`));
  }

  get text(): string {
    return this.#text;
  }
}

/** ``sql`SELECT ${COLUMNS} FROM entries WHERE tenant = {tenant:String}` `` */
export function sql(strings: TemplateStringsArray, ...pieces: readonly Sql[]): Sql {
  return Sql.of(strings, pieces);
}

/** Pieces with another between them; `none` when there are none. */
export function joinSql(pieces: readonly Sql[], between: Sql, none: Sql = sql``): Sql {
  const [first, ...rest] = pieces;
  return first === undefined ? none : rest.reduce((text, next) => sql`${text}${between}${next}`, first);
}

/** Conditions that must all hold. */
export function allOf(conditions: readonly Sql[]): Sql {
  return joinSql(conditions, sql` AND `, sql`1`);
}
