import { describe, expect, it } from 'vitest';
import { findingsOf } from '../app-folder.ts';

const packages = { 'openai@7.57.0': {} };

describe('stream-usage', () => {
  it('finds streams that do not ask for usage, and says in which lines', async () => {
    const [finding] = await findingsOf('stream-usage', {
      packages,
      files: {
        'src/chat.ts':
          'const a = 1;\nconst s = await client.chat.completions.create({\n  model,\n  messages: [say("a)")],\n  stream: true,\n});',
        'src/helper.js': "client.beta.chat.completions.stream({ model: 'x', messages })",
      },
    });
    expect(finding).toMatchObject({
      severity: 'wrong_figures',
      found: '2 streams of chat completions without usage',
      where: ['src/chat.ts:2', 'src/helper.js:1'],
      isHeuristic: true,
    });
  });

  it.for([
    ['it asks for usage', 'c.chat.completions.create({ stream: true, stream_options: { include_usage: true } })'],
    ['it is no stream', 'c.chat.completions.create({ model, messages })'],
    ['options come from elsewhere', 'c.chat.completions.create({ ...options, stream: true })'],
    ['all of it comes from elsewhere', 'c.chat.completions.create(request)'],
    ['another call streams', 'c.chat.completions.create({ model }); other({ stream: true })'],
    ['it is a comment', '// c.chat.completions.create({ stream: true })'],
    ['it is the Responses API, which always tells', 'c.responses.create({ stream: true })'],
  ])('is silent where %s', async ([, code = '']) => {
    expect(await findingsOf('stream-usage', { packages, files: { 'a.ts': code } })).toEqual([]);
  });

  it('is not deceived by what stands in lists and objects of the call', async () => {
    const spread = 'c.chat.completions.create({ messages: [...history, { role: "user" }], stream: true })';
    expect(await findingsOf('stream-usage', { packages, files: { 'a.ts': spread } })).toHaveLength(1);
    const tool = 'c.chat.completions.create({ tools: [{ parameters: { stream: true } }], messages })';
    expect(await findingsOf('stream-usage', { packages, files: { 'a.ts': tool } })).toEqual([]);
  });

  it('is silent where the instrumentation may ask in the app’s place', async () => {
    const files = { 'a.ts': 'c.chat.completions.create({ stream: true })' };
    const env = { TURNMETER_REQUEST_STREAM_USAGE: 'true' };
    expect(await findingsOf('stream-usage', { packages, files, env })).toEqual([]);
    const configured = { ...files, 'b.ts': 'configure({ requestStreamUsage: true })' };
    expect(await findingsOf('stream-usage', { packages, files: configured })).toEqual([]);
  });

  it('looks at no tests and no packages', async () => {
    const code = 'c.chat.completions.create({ stream: true })';
    const files = { 'test/a.ts': code, 'src/a.test.ts': code, 'node_modules/x/index.js': code };
    expect(await findingsOf('stream-usage', { packages, files })).toEqual([]);
  });
});
