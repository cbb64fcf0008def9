/** What JSON can say. Documents are kept as they come: what is in them is for those who put them there to know. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined };

export type JsonDocument = Readonly<Record<string, JsonValue | undefined>>;
