/** A profile in the configuration that cannot be used, and where in it the fault is. */
export class ProfileSpecError extends Error {
  readonly code = 'invalid_profile_spec';
  readonly retryable = false;
  /** Path to the fault: `usage.input[1]`, '' for the whole. */
  readonly path: string;

  constructor(path: string, fault: string) {
    super(path === '' ? fault : `${path}: ${fault}`);
    this.name = 'ProfileSpecError';
    this.path = path;
  }
}

/** What was received, short and without line breaks, for the end of a message. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : isTree(value) ? kindOf(value) : String(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

const SHOWN_MAX = 60;

function isTree(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function kindOf(value: object): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'function' ? 'a function' : 'an object';
}
