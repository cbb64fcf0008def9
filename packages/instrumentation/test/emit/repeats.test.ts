import { afterEach, describe, expect, it } from 'vitest';
import { OpenTool } from '../../src/emit/tool.ts';
import { OpenTurn } from '../../src/emit/turn.ts';
import { findSession, groupChat } from '../../src/index.ts';
import { TurnmeterSpanProcessor } from '../../src/span-processor/turnmeter-span-processor.ts';
import { record, type Recording } from '../recording.ts';

let recording: Recording | undefined;
afterEach(async () => {
  await recording?.[Symbol.asyncDispose]();
  recording = undefined;
});

/** Turns and tools that are told in a turn of Writer. */
async function inTurn(work: () => void): Promise<object | undefined> {
  const processor = new TurnmeterSpanProcessor();
  recording = record({ spanProcessors: [processor] });
  await processor.forceFlush();
  groupChat({ session: 's-1', workflow: 'w' }).turn({ agent: 'Writer' }, work);
  const told = findSession('s-1');
  const { turns, toolCalls, handoffs } = told ?? {};
  // What the law makes of the spans is what the recorder counted.
  await processor.shutdown();
  expect(findSession('s-1')).toMatchObject({ turns, toolCalls, handoffs });
  expect(await recording.metric('turnmeter.turns')).toBe(turns);
  return told;
}

function turn(agent: string, work: () => void = () => undefined): void {
  const open = new OpenTurn({ agent });
  open.run(work);
  open.end();
}

function tool(name: string, work: () => void = () => undefined, callId?: string): void {
  const open = new OpenTool({ name, callId });
  open.run(work);
  open.end();
}

describe('what is shown twice is counted once', () => {
  it('where a framework shows the turn that the app shows', async () => {
    expect(await inTurn(() => turn('Writer', () => tool('search')))).toMatchObject({
      turns: 1,
      toolCalls: 1,
      handoffs: 0,
      agents: { Writer: { turns: 1, toolCalls: 1 } },
    });
  });

  it('where a tool is wrapped twice', async () => {
    expect(await inTurn(() => tool('search', () => tool('search')))).toMatchObject({ toolCalls: 1 });
    expect(await recording?.metric('turnmeter.tool.duration.seconds')).toBeGreaterThan(0);
  });
});

describe('what only looks alike is counted each', () => {
  it('as an agent that another one asks', async () => {
    expect(await inTurn(() => turn('Researcher'))).toMatchObject({ turns: 2, handoffs: 0 });
  });

  it('as an agent that asks itself by a tool', async () => {
    expect(await inTurn(() => tool('ask', () => turn('Writer')))).toMatchObject({ turns: 2, toolCalls: 1 });
  });

  it('as a tool that uses another, or itself by an id of its own', async () => {
    expect(await inTurn(() => tool('research', () => tool('search')))).toMatchObject({ toolCalls: 2 });
    await recording?.[Symbol.asyncDispose]();
    expect(await inTurn(() => tool('search', () => tool('search', undefined, 'call-2'), 'call-1'))).toMatchObject({
      toolCalls: 2,
    });
  });
});
