/** A variable of the environment; an empty one is none. */
export function fromEnvironment(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === '' ? undefined : value;
}
