/** Tells those who listen for a tenant what happens there. Nothing is kept for those who come later. */
export class EventHub<Event> {
  readonly #listeners = new Map<string, Set<(event: Event) => void>>();

  /** Hears of a tenant's events from now on, until what this returns is called. */
  subscribe(tenant: string, listener: (event: Event) => void): () => void {
    const listeners = this.#listeners.get(tenant) ?? new Set();
    // Not the function itself, which somebody may subscribe twice.
    const own = (event: Event): void => listener(event);
    listeners.add(own);
    this.#listeners.set(tenant, listeners);
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(tenant) === listeners) this.#listeners.delete(tenant);
    };
  }

  publish(tenant: string, event: Event): void {
    for (const listener of this.#listeners.get(tenant) ?? []) listener(event);
  }

  /** Tenants for whom somebody listens. */
  get tenants(): readonly string[] {
    return [...this.#listeners.keys()];
  }
}
