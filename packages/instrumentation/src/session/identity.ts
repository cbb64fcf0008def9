/** Whose work something is. Fields that nobody named are left out. */
export interface Identity {
  /** One group chat, over all its requests. */
  readonly session?: string | undefined;
  /** The kind of chat. */
  readonly workflow?: string | undefined;
  readonly workflowVersion?: string | undefined;
  /** The customer of the app's operator. */
  readonly tenant?: string | undefined;
  readonly user?: string | undefined;
  /** Who speaks. */
  readonly agent?: string | undefined;
}

/** What is named inside wins, except the session: the outermost chat is the session that its nested chats belong to. */
export function mergeIdentity(outer: Identity, inner: Identity): Identity {
  const merged: Record<string, string> = {};
  for (const field of FIELDS) {
    const value = field === 'session' ? (outer.session ?? inner.session) : (inner[field] ?? outer[field]);
    if (value !== undefined && value !== '') merged[field] = value;
  }
  return merged;
}

const FIELDS = ['session', 'workflow', 'workflowVersion', 'tenant', 'user', 'agent'] as const;
