import { describe, expect, it } from 'vitest';
import { findResponseId, isResponseId, isSessionId } from '../../src/observe/ids.ts';

describe('session ids', () => {
  it.each([
    'sess-a',
    '42',
    '218489270827141499308022115695913453386',
    'thread_abc',
    '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    'run-7',
    'run_2026-11-23_nightly',
    'gen-3',
    'gen-fresh-start',
    'resp-writers',
    'msg-board-1',
  ])('can be %s', (text) => expect(isSessionId(text)).toBe(true));

  it.each([
    '',
    'resp_1',
    'chatcmpl-1',
    'msg_01',
    'gen-1731600000-Qf3xV0aB1cD2eF3g',
    'run--0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    'run-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-0',
    'run_a1b2c3d4e5f60718293a4b5c',
    "[Scrubbed due to 'session']",
    '[REDACTED]',
    '****',
    'null',
    'None',
    'undefined',
    'x'.repeat(201),
  ])('cannot be %s', (text) => expect(isSessionId(text)).toBe(false));
});

describe('response ids', () => {
  it.each(['resp_1', 'chatcmpl-abc', 'msg_01', 'gen-1'])('can be %s', (text) => expect(isResponseId(text)).toBe(true));

  it.each(['', 'null', 'None', 'req_1', 'run-1', 'lc_run--1', '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'])(
    'cannot be %s',
    (text) => expect(isResponseId(text)).toBe(false),
  );

  it("are found in the text of an answer, a part's id only in Anthropic's", () => {
    expect(findResponseId('{"id":"chatcmpl-1","choices":[]}')).toBe('chatcmpl-1');
    expect(findResponseId("{'id': 'msg_1', 'stop_reason': 'end_turn'}")).toBe('msg_1');
    expect(findResponseId('{"output":[{"id":"msg_1","type":"message"}]}')).toBe('');
  });
});
