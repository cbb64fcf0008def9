import type { ControlStore } from '../control-store.ts';
import { SupervisedThread, type SupervisionOptions } from './supervised-thread.ts';

/** Opens an SQLite file in a thread of its own. @throws ControlStoreError unavailable, busy */
export async function openInThread(file: string, options: SupervisionOptions = {}): Promise<ControlStore> {
  const thread = await SupervisedThread.open(file, options);
  return {
    policies: repositoryOf(thread, 'policies'),
    stops: repositoryOf(thread, 'stops'),
    leases: repositoryOf(thread, 'leases'),
    keys: repositoryOf(thread, 'keys'),
    alertRules: repositoryOf(thread, 'alertRules'),
    alertStates: repositoryOf(thread, 'alertStates'),
    deliveries: repositoryOf(thread, 'deliveries'),
    balances: repositoryOf(thread, 'balances'),
    changes: repositoryOf(thread, 'changes'),
    locks: repositoryOf(thread, 'locks'),
    dialect: 'sqlite',
    copyTo: async (copy) => void (await thread.call('', 'copyTo', [copy])),
    stop: () => thread.stop(),
  };
}

function repositoryOf<Name extends keyof ControlStore>(thread: SupervisedThread, name: Name): ControlStore[Name] {
  return new Proxy(
    {},
    {
      get: (_target, method) =>
        // Whoever awaits it, or prints it, asks for more than the repository has.
        typeof method === 'string' && method !== 'then'
          ? (...values: readonly unknown[]) => thread.call(name, method, values)
          : undefined,
    },
  ) as ControlStore[Name];
}
