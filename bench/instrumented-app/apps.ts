// Instrumented apps that run beside each other, of which one works at a time.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Order, Took } from './app.ts';
import type { Client, Stack } from './stacks.ts';

/** An app that waits for work. */
export interface App {
  readonly stack: Stack;
  readonly client: Client;
  work(order: Order): Promise<Took>;
  stop(): Promise<void>;
}

/** Starts one, and waits until it is ready. */
export async function startApp(folder: string, stack: Stack, client: Client): Promise<App> {
  const child = fork(path.join(import.meta.dirname, 'app.ts'), [folder, stack, client]);
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const answer = async (): Promise<unknown> => {
    const gone = exit.then(([code]): never => {
      throw new Error(`the app with ${stack} and ${client} ended by itself (exit code ${code})`);
    });
    const [message] = (await Promise.race([once(child, 'message'), gone])) as [unknown];
    return message;
  };
  await answer();
  return {
    stack,
    client,
    async work(order) {
      child.send(order);
      return (await answer()) as Took;
    },
    async stop() {
      child.disconnect();
      await exit;
    },
  };
}
