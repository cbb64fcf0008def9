// Which version of its workflow a record belongs to.

import { describe, expect, it } from 'vitest';
import {
  Book,
  BUILT_IN_PROFILES,
  type Entry,
  type Figures,
  observe,
  type PlainSpan,
  ProfileList,
  spanFrom,
} from '@turnmeter/accounting';
import { account, span, T0 } from '../account.ts';

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.usage.input_tokens': 100,
  'gen_ai.usage.output_tokens': 20,
};

function versionsOf(spans: readonly PlainSpan[]): readonly string[] {
  return callsOf(account({ spans })).map(({ workflowVersion }) => workflowVersion);
}

function callsOf(figures: Figures): readonly Entry[] {
  return figures.entries
    .filter(({ kind }) => kind === 'inference')
    .toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1));
}

function run(name: string, version?: string): Record<string, string> {
  return {
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.workflow.name': name,
    ...(version === undefined ? {} : { 'turnmeter.workflow.version': version }),
  };
}

describe('the version of a workflow', () => {
  it('is inherited by all that is done in it', () => {
    const spans = [
      span('run', '', { attributes: run('support', '7') }),
      span('step', 'run'),
      span('call', 'step', { attributes: CHAT }),
    ];
    expect(versionsOf(spans)).toEqual(['7']);
  });

  it.each([
    ['turnmeter.workflow.version', '7', '7'],
    ['gen_ai.workflow.version', '2026-11', '2026-11'],
    ['gen_ai.workflow.version', 3, '3'],
    ['myapp.workflow_version', 'b', 'b'],
    // A service has many workflows, and an agent and a prompt are parts of one.
    ['service.version', '1.4.0', ''],
    ['gen_ai.agent.version', '2', ''],
    ['gen_ai.prompt.version', '2', ''],
    ['langgraph.version', '1.0', ''],
    ['ci.pipeline.version', '1', ''],
  ])('is read from %s: %s', (name, value, expected) => {
    expect(versionsOf([span('call', '', { attributes: { ...CHAT, [name]: value } })])).toEqual([expected]);
  });

  it('goes by its own name before that of a framework', () => {
    const attributes = { ...CHAT, 'gen_ai.workflow.version': 'framework', 'turnmeter.workflow.version': 'own' };
    expect(versionsOf([span('call', '', { attributes })])).toEqual(['own']);
  });

  it('is that of the outermost workflow, and a version of one within is not taken for it', () => {
    const spans = [
      span('run', '', { attributes: run('support') }),
      span('nested', 'run', { attributes: run('search', '12') }),
      span('call', 'nested', { attributes: CHAT }),
    ];
    expect(versionsOf(spans)).toEqual(['']);
    const versioned = [span('run', '', { attributes: run('support', '7') }), ...spans.slice(1)];
    expect(versionsOf(versioned)).toEqual(['7']);
  });

  it('is that of a trace of Langfuse, not of a single observation', () => {
    const observation = (version: string): Record<string, string> => ({
      'langfuse.observation.type': 'span',
      'langfuse.version': version,
    });
    const spans = [
      span('root', '', { attributes: observation('9') }),
      span('call', 'root', { attributes: { ...CHAT, ...observation('1'), 'langfuse.observation.type': 'generation' } }),
    ];
    expect(versionsOf(spans)).toEqual(['9']);
    expect(versionsOf([span('root', ''), ...spans.slice(1)])).toEqual(['']);
  });

  it('that becomes known late takes back what was booked without it', () => {
    const profiles = new ProfileList(BUILT_IN_PROFILES);
    const book = new Book();
    const add = (plain: PlainSpan, nowUs: number): void => {
      const record = spanFrom(plain, profiles);
      book.add(observe(record, { profiles, tenant: 'acme', receivedUs: nowUs }), nowUs);
    };
    const startUs = T0 * 1000;
    const root = span('run', '', { attributes: run('support', '7') });
    const { 'turnmeter.workflow.version': _, ...unversioned } = run('support', '7');
    add(span('turn', 'run', { attributes: unversioned }), startUs);
    add(span('call', 'turn', { attributes: CHAT }), startUs);
    const first = [...book.settle(startUs)].filter(({ entry }) => entry.recordId === 'call');
    expect(first.map(({ sign, entry }) => [sign, entry.workflow, entry.workflowVersion])).toEqual([[1, 'support', '']]);
    add(root, startUs + 1_000_000);
    const news = [...book.settle(startUs + 1_000_000)].filter(({ entry }) => entry.recordId === 'call');
    expect(news.map(({ sign, entry }) => [sign, entry.workflow, entry.workflowVersion])).toEqual([
      [-1, 'support', ''],
      [1, 'support', '7'],
    ]);
  });
});
