import OpenAI from 'openai';
import OpenAI6 from 'openai-6';
import { OpenAIInstrumentation } from '../../../src/index.ts';
import { attachAround, type Attached } from '../attached.ts';

/** The package's versions; their types differ in nothing that these tests use. */
export const VERSIONS: readonly (readonly [name: string, Client: typeof OpenAI])[] = [
  ['openai 7', OpenAI],
  ['openai 6', OpenAI6 as unknown as typeof OpenAI],
];

/** Attached to all of them. */
export function attachToOpenAi(): Attached {
  return attachAround(() => new OpenAIInstrumentation(), [OpenAI, OpenAI6]);
}

export const QUESTION = [{ role: 'user' as const, content: 'Tell me of the sea.' }];
