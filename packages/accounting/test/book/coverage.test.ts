// Which of several records that tell of the same tokens is booked: by their numbers and their places, never by names alone.

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  type Profile,
  ProfileList,
  Grain,
  type PlainSpan,
  Role,
  spanFrom,
  observe,
  Book,
  Figures,
} from '@turnmeter/accounting';
import { span, T0 } from '../account.ts';

/** A producer of the test's own: each span says by `role`, `grain`, `in` and `out` what it is. */
const PLAIN: Profile = {
  name: 'plain',
  title: 'for this test',
  marks: ['role'],
  read(record, draft) {
    const { attributes } = record;
    draft.role = (attributes.string('role') ?? Role.LINEAGE) as Role;
    draft.grain = (attributes.string('grain') ?? Grain.CALL) as Grain;
    draft.agent = attributes.string('who') ?? '';
    draft.calls = draft.role === Role.INFERENCE || draft.role === Role.UNDECIDED ? 1 : 0;
    draft.mayBeSum = attributes.get('mayBeSum') === true;
    const input = attributes.get('in');
    const output = attributes.get('out');
    if (typeof input !== 'number' || typeof output !== 'number') return;
    draft.usage = {
      input, output, cacheRead: undefined, cacheWrite: undefined, cacheWrite1h: undefined, reasoning: undefined, inputAudio: undefined,
      outputAudio: undefined, inputImage: undefined, outputImage: undefined,
    }; // prettier-ignore
    draft.usageSource = 'provider';
  },
};
const PROFILES = new ProfileList([PLAIN]);

function figuresOf(spans: readonly PlainSpan[]): Figures {
  const book = new Book();
  for (const one of spans)
    book.add(observe(spanFrom(one, PROFILES), { profiles: PROFILES, tenant: 'acme', receivedUs: T0 * 1000 }), 0);
  const figures = new Figures().apply(book.settle(0));
  return figures.apply(book.settle(3_600_000_000));
}

const record = (id: string, parent: string, role: string, rest: PlainSpan['attributes'] = {}): PlainSpan =>
  span(id, parent, { attributes: { role, ...rest } });
const usage = (input: number, output: number): { in: number; out: number } => ({ in: input, out: output });

describe('sums', () => {
  it('stand in only where no call below has usage', () => {
    const { totals } = figuresOf([
      record('agent', '', 'agent', { grain: 'sum', who: 'A', ...usage(150, 30) }),
      record('one', 'agent', 'inference', usage(100, 20)),
      record('two', 'agent', 'inference'),
    ]);
    // The second call's usage is missing, which is said and not filled in.
    expect(totals).toMatchObject({ inferences: 2, input: 100, output: 20, excludedInput: 150 });
  });

  it('that hold each other count once, by the finer ones where they come to the same', () => {
    const figures = figuresOf([
      record('flow', '', 'workflow', { grain: 'sum', ...usage(150, 30) }),
      record('a', 'flow', 'agent', { grain: 'sum', who: 'A', ...usage(100, 20) }),
      record('b', 'flow', 'agent', { grain: 'sum', who: 'B', ...usage(50, 10) }),
    ]);
    expect(figures.totals).toMatchObject({ input: 150, output: 30 });
    expect(figures.by('agent').get('B')).toMatchObject({ input: 50 });
  });

  it('that hold more than the finer ones take their place', () => {
    const { totals } = figuresOf([
      record('flow', '', 'workflow', { grain: 'sum', ...usage(500, 90) }),
      record('a', 'flow', 'agent', { grain: 'sum', who: 'A', ...usage(100, 20) }),
    ]);
    expect(totals).toMatchObject({ input: 500, output: 90 });
  });

  it('that are too small to hold the finer ones were no sums of them', () => {
    const { totals } = figuresOf([
      record('a', '', 'agent', { grain: 'sum', who: 'A', ...usage(60, 10) }),
      record('b', 'a', 'agent', { grain: 'sum', who: 'B', ...usage(100, 20) }),
    ]);
    expect(totals).toMatchObject({ input: 160, output: 30 });
  });

  it('above such come to both, and leave them to their agents', () => {
    const figures = figuresOf([
      record('flow', '', 'workflow', { grain: 'sum', ...usage(160, 30) }),
      record('a', 'flow', 'agent', { grain: 'sum', who: 'A', ...usage(60, 10) }),
      record('b', 'a', 'agent', { grain: 'sum', who: 'B', ...usage(100, 20) }),
    ]);
    expect(figures.totals).toMatchObject({ input: 160, output: 30 });
    expect(figures.by('agent').get('B')).toMatchObject({ input: 100, output: 20 });
  });

  it("of an agent's own calls stand beside those of agents and tools below it", () => {
    const { totals } = figuresOf([
      record('a', '', 'agent', { grain: 'own_sum', who: 'A', ...usage(60, 10) }),
      record('tool', 'a', 'tool'),
      record('b', 'tool', 'agent', { who: 'B' }),
      record('call', 'b', 'inference', usage(100, 20)),
      record('search', 'a', 'tool'),
      record('rewrite', 'search', 'inference', usage(7, 3)),
    ]);
    expect(totals).toMatchObject({ input: 167, output: 33 });
  });

  it("of an agent's own calls give way to these calls", () => {
    const { totals } = figuresOf([
      record('a', '', 'agent', { grain: 'own_sum', who: 'A', ...usage(60, 10) }),
      record('call', 'a', 'inference', usage(60, 10)),
    ]);
    expect(totals).toMatchObject({ input: 60, output: 10, inferences: 1 });
  });
});

describe('records of which nobody knows what they are', () => {
  it.each([
    ['equal to the calls below', usage(150, 30), usage(150, 30)],
    ['more than the calls below', usage(160, 31), usage(150, 30)],
    ['of equal output, with the cached part left out', usage(80, 30), usage(150, 30)],
    ['smaller in part', usage(170, 5), { in: 320, out: 35 }],
    ['smaller in all', usage(10, 5), { in: 160, out: 35 }],
  ])('%s', (_, own, expected) => {
    const { totals } = figuresOf([
      record('outer', '', 'undecided', own),
      record('one', 'outer', 'inference', usage(100, 20)),
      record('two', 'outer', 'inference', usage(50, 10)),
    ]);
    expect(totals).toMatchObject({ input: expected.in, output: expected.out });
  });

  it('are not fooled by a call that two instrumentations nest in each other', () => {
    const { totals } = figuresOf([
      record('outer', '', 'undecided', usage(100, 20)),
      record('framework', 'outer', 'inference', usage(100, 20)),
      record('client', 'framework', 'inference', usage(100, 20)),
    ]);
    expect(totals).toMatchObject({ inferences: 1, input: 100, output: 20 });
  });

  it('count inside a call that reports nothing, and not inside one that does', () => {
    const inside = (outer: PlainSpan['attributes']): Figures =>
      figuresOf([record('call', '', 'inference', outer), record('inner', 'call', 'undecided', usage(100, 20))]);
    expect(inside({}).totals).toMatchObject({ input: 100, output: 20 });
    expect(inside(usage(100, 20)).totals).toMatchObject({ input: 100, output: 20 });
  });

  it('are calls by name that sum up what agents did below them', () => {
    const { totals } = figuresOf([
      record('chat', '', 'inference', { mayBeSum: true, ...usage(150, 30) }),
      record('a', 'chat', 'agent', { who: 'A' }),
      record('one', 'a', 'inference', usage(100, 20)),
      record('b', 'chat', 'agent', { who: 'B' }),
      record('two', 'b', 'inference', usage(50, 10)),
    ]);
    expect(totals).toMatchObject({ inferences: 2, input: 150, output: 30 });
  });
});

describe('a client around a loop', () => {
  it('that adds up its calls is none itself, even with the id of the last', () => {
    const { totals } = figuresOf([
      record('outer', '', 'inference', usage(150, 30)),
      record('one', 'outer', 'inference', usage(100, 20)),
      record('two', 'outer', 'inference', usage(50, 10)),
    ]);
    expect(totals).toMatchObject({ inferences: 2, input: 150, output: 30 });
  });
});

describe('any tree of sums over known leaves', () => {
  interface Tree {
    readonly role: string;
    readonly children: readonly Tree[];
    readonly leaf: { in: number; out: number } | undefined;
  }
  const leaf = fc.record({ in: fc.integer({ min: 1, max: 1000 }), out: fc.integer({ min: 1, max: 1000 }) });
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf.map((one): Tree => ({ role: 'inference', children: [], leaf: one })),
      fc.record({
        role: fc.constantFrom('agent', 'workflow', 'step', 'undecided'),
        children: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
        leaf: fc.constant(undefined),
      }),
    ),
  }));

  it('comes to the leaves, in any order of arrival', () => {
    fc.assert(
      fc.property(tree, fc.infiniteStream(fc.nat()), (root, random) => {
        const spans: PlainSpan[] = [];
        const add = (node: Tree, parent: string): { in: number; out: number } => {
          const id = `n${spans.length}`;
          spans.push(record(id, parent, node.role));
          const at = spans.length - 1;
          const sum =
            node.leaf ??
            node.children.map((child) => add(child, id)).reduce((a, b) => ({ in: a.in + b.in, out: a.out + b.out }));
          spans[at] = record(id, parent, node.role, {
            grain: node.role === 'agent' || node.role === 'workflow' || node.role === 'step' ? 'sum' : 'call',
            who: id,
            ...sum,
          });
          return sum;
        };
        const expected = add(root, '');
        const shuffled = spans
          .map((one) => ({ one, key: random.next().value as number }))
          .toSorted((a, b) => a.key - b.key);
        const { totals } = figuresOf(shuffled.map(({ one }) => one));
        expect(totals).toMatchObject({ input: expected.in, output: expected.out });
      }),
      { numRuns: 200 },
    );
  });
});
