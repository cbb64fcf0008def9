import { diag, DiagLogLevel } from '@opentelemetry/api';
import { startModelServer, type LedgerEntry, type ModelServer } from '@turnmeter/model-server';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach } from 'vitest';
import type { TurnmeterInstrumentation } from '../../src/attach/turnmeter-instrumentation.ts';
import type { TurnmeterConfig } from '../../src/config.ts';
import { INSTRUMENTATION_NAME } from '../../src/emit/instrumentation-name.ts';
import { record, type Recording } from '../recording.ts';

/** A model server, a recorder of what is emitted, and an instrumentation that is attached; new ones for each test. */
export interface Attached {
  readonly server: ModelServer;
  readonly recording: Recording;
  readonly instrumentation: TurnmeterInstrumentation;
  /** The spans of model calls that are ours: Anthropic's client makes its own beside them. */
  calls(): readonly ReadableSpan[];
  /** The one of them that there is. */
  onlyCall(): ReadableSpan;
  /** The one call that the server got. */
  onlyEntry(): LedgerEntry;
  /** Starts anew with another configuration. */
  configure(config: TurnmeterConfig): Promise<void>;
}

/** Sets everything up around each test of the file. `modules` are what the instrumentation is attached to. */
export function attachAround(create: () => TurnmeterInstrumentation, modules: readonly unknown[]): Attached {
  let server: ModelServer | undefined;
  let recording: Recording | undefined;
  let instrumentation: TurnmeterInstrumentation | undefined;
  const calls = (): readonly ReadableSpan[] =>
    existing(recording)
      .spans()
      .filter(({ instrumentationScope }) => instrumentationScope.name === INSTRUMENTATION_NAME);
  beforeEach(async () => {
    server = await startModelServer();
    recording = record();
    instrumentation = create();
    for (const each of modules) instrumentation.attach(each);
  });
  afterEach(async () => {
    instrumentation?.disable();
    await recording?.[Symbol.asyncDispose]();
    await server?.close();
  });
  return {
    get server() {
      return existing(server);
    },
    get recording() {
      return existing(recording);
    },
    get instrumentation() {
      return existing(instrumentation);
    },
    calls,
    onlyCall: () => only(calls()),
    onlyEntry: () => only(existing(server).ledger),
    configure: async (config) => {
      await recording?.[Symbol.asyncDispose]();
      recording = record({ config });
    },
  };
}

/** Reads a stream as an app does that waits for its end. */
export async function readToEnd<T>(stream: AsyncIterable<T> | PromiseLike<AsyncIterable<T>>): Promise<readonly T[]> {
  const parts: T[] = [];
  for await (const part of await stream) parts.push(part);
  return parts;
}

/** Collects what is said to OpenTelemetry's diagnostics until `diag.disable()`. */
export function collectWarnings(): readonly string[] {
  const warnings: string[] = [];
  const silent = (): void => undefined;
  diag.setLogger(
    { error: silent, warn: (text) => void warnings.push(text), info: silent, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  return warnings;
}

/** Waits for what happens on its own; says what it waited for. */
export async function until(what: string, isTrue: () => boolean, msMax = 5000): Promise<void> {
  const deadline = Date.now() + msMax;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`waited ${msMax} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length > 1) throw new Error(`expected exactly one, received ${list.length}`);
  return first;
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('only there while a test runs');
  return value;
}
