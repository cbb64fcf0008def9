import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.ts';
import { MAIN, runTurnmeter } from './run-turnmeter.ts';
import { temporaryFolders } from './temporary-folders.ts';

const newFolder = temporaryFolders();

describe('turnmeter', () => {
  it('lists all commands in its help', async () => {
    const { code, stdout } = await runTurnmeter(['--help']);
    expect(code).toBe(0);
    for (const { name, summary } of COMMANDS) expect(stdout).toMatch(new RegExp(`  ${name} +${summary.slice(0, 20)}`));
  });

  it.each(COMMANDS.map(({ name }) => name))('%s --help has options and at least two examples', async (name) => {
    const { code, stdout } = await runTurnmeter([name, '--help']);
    expect(code).toBe(0);
    const [, examples = ''] = stdout.split('Examples:');
    expect(examples.match(/^ {2}\$ /gm)?.length).toBeGreaterThanOrEqual(2);
    expect(stdout).toContain(`Usage: turnmeter ${name}`);
  });

  it('suggests the command or option that was meant, and ends with 2', async () => {
    const command = await runTurnmeter(['pricse']);
    expect(command).toMatchObject({ code: 2, stdout: '' });
    expect(command.stderr).toContain("error: unknown command 'pricse'\n(Did you mean prices?)");
    const option = await runTurnmeter(['version', '--jsn']);
    expect(option).toMatchObject({ code: 2, stdout: '' });
    expect(option.stderr).toContain('Did you mean --json?');
  });

  it('ends with 2 and names every problem of the configuration', async () => {
    const { code, stderr } = await runTurnmeter(['config'], { TURNMETER_HTTP_PORT: 'x', TURNMETER_DATA_DRI: 'y' });
    expect(code).toBe(2);
    expect(stderr).toContain('http.port');
    expect(stderr).toContain('did you mean "TURNMETER_DATA_DIR"?');
  });

  it('has no colors in a pipe, and some where they are asked for', async () => {
    const plain = await runTurnmeter(['prices', 'gpt-4.1']);
    expect(plain.stdout).not.toContain('\x1b');
    const colored = await runTurnmeter(['prices', 'gpt-4.1'], { FORCE_COLOR: '1' });
    expect(colored.stdout).toContain('\x1b[1m');
  });

  it('prints one JSON document on one line for programs', async () => {
    const { stdout } = await runTurnmeter(['version', '--json']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['turnmeter', 'prices', 'node', 'platform']);
  });

  it('says nothing when the reader of its output goes away', async () => {
    const child = spawn('sh', ['-c', `"$0" "$1" config | head -n 1`, process.execPath, MAIN], { env: {} });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toBe('');
  });
});

describe('config', () => {
  it('shows what is set, with names, and hides secrets', async () => {
    const file = path.join(newFolder(), 'turnmeter.yaml');
    writeFileSync(
      file,
      `clickhouse: {url: "https://user:hidden1@ch:8443", password: hidden2}\nkeys: [{name: a, sha256: ${'c'.repeat(64)}, tenants: "*"}]\nmetrics: {push: {endpoint: "http://user:hidden3@prom:9090/otlp", headers: {authorization: hidden4}}}\n`,
    );
    const { code, stdout } = await runTurnmeter(['config', '--config', file], { TURNMETER_HTTP_PORT: '9000' });
    expect(code).toBe(0);
    expect(stdout).toContain('http.port = 9000  (default 8318)\n  TURNMETER_HTTP_PORT  ');
    expect(stdout).toContain('clickhouse.url = https://***@ch:8443');
    expect(stdout).toContain('metrics.push.endpoint = http://***@prom:9090/otlp');
    expect(stdout).toContain('metrics.push.headers = {"authorization":"***"}');
    expect(stdout).not.toMatch(/hidden\d|cccc/);
  });

  it('refuses prices and producers with which the service would not start', async () => {
    const file = path.join(newFolder(), 'turnmeter.yaml');
    writeFileSync(file, 'prices: [{name: ours, model: gpt-4.1, discount: 12}]\n');
    const { code, stderr } = await runTurnmeter(['config', '--config', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/"ours" is refused; expected .*discountPercent.*, received "discount"/);
  });

  it('finds settings by a part of their name', async () => {
    const { stdout } = await runTurnmeter(['config', 'grpc', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      file: null,
      settings: [
        {
          name: 'otlp.grpc_port',
          variable: 'TURNMETER_OTLP_GRPC_PORT',
          kind: 'number',
          description: expect.any(String),
          default: 4317,
          value: 4317,
        },
      ],
    });
  });
});

describe('prices', () => {
  it('prints rates by tier, whose price it is, and what is assumed', async () => {
    const { code, stdout } = await runTurnmeter([
      'prices',
      'claude-sonnet-4-5',
      '--provider',
      'anthropic',
      '--at',
      '2026-10-01',
    ]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `claude-sonnet-4-5 · anthropic  USD per million tokens

tokens            rate  above 200,000 input
input            $3                   $6
cache read       $0.30                $0.60
cache write      $3.75                $7.50
cache write 1h   $6                  $12
output          $15                  $22.50

other charges  price    per  whose
web_search       $10  1,000  price list

source         price list genai-prices@0.1.8
valid          always (asked for 2026-10-01)
service tiers  batch × 0.5, fast × 2
price id       anthropic/claude-sonnet-4-5
`,
    );
  });

  it('takes the prices of the configuration before the list', async () => {
    const file = path.join(newFolder(), 'turnmeter.yaml');
    writeFileSync(file, 'prices: [{name: deal, model: "gpt-4.1*", rates: {input: "1.5", output: "6"}}]');
    const { stdout } = await runTurnmeter(['prices', 'gpt-4.1', '--config', file, '--json']);
    const price = JSON.parse(stdout) as {
      source: string;
      tiers: { rates: { bucket: string; usd_per_million: string }[] }[];
    };
    expect(price.source).toBe('override');
    expect(price.tiers[0]?.rates[0]).toMatchObject({ bucket: 'input', usd_per_million: '1.5' });
  });

  it('suggests names for a model that nobody prices, and ends with 1', async () => {
    const { code, stdout, stderr } = await runTurnmeter(['prices', 'claud-sonet-4-5']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error: no price is known for "claud-sonet-4-5": the model is in no price list');
    expect(stderr).toContain('Near it: claude-sonnet-4-5');
  });
});

function attribute(key: string, value: object): object {
  return { key, value };
}

describe('profile test', () => {
  const captures = path.join(import.meta.dirname, '../../../../test/captures');

  it('shows what the records of a file would count as, and why', async () => {
    const { code, stdout } = await runTurnmeter([
      'profile',
      'test',
      path.join(captures, 'handwritten-openinference-responses/001-traces.pb'),
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('    36 × span OpenAI Responses → inference  28,620 input + 4,143 output tokens');
    expect(stdout).toContain('This is a model call; its tokens are counted here.');
    expect(stdout).toContain(
      '1 file, 76 records: 36 model calls, 33 turns, 3 tool calls in 3 sessions; 28,620 input + 4,143 output tokens',
    );
  });

  it('counts a capture in both encodings once', async () => {
    const { stdout } = await runTurnmeter(['profile', 'test', path.join(captures, 'adk-native'), '--json']);
    const report = JSON.parse(stdout) as { totals: object; repeated: number };
    expect(report.totals).toMatchObject({ input_tokens: 10_431, output_tokens: 2388 });
    expect(report.repeated).toBe(57);
  });

  it("reads an operator's own profile, and says where it is wrong", async () => {
    const folder = newFolder();
    const traces = path.join(folder, 'traces.json');
    const span = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      name: 'ask',
      startTimeUnixNano: '1795000000000000000',
      endTimeUnixNano: '1795000001000000000',
      attributes: [
        attribute('house.kind', { stringValue: 'ask' }),
        attribute('house.tin', { intValue: '120' }),
        attribute('house.tout', { intValue: '30' }),
      ],
    };
    writeFileSync(
      traces,
      JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: {}, spans: [span] }] }] }),
    );
    const config = path.join(folder, 'turnmeter.yaml');
    const profile = { name: 'house', match: { attributes: { 'house.kind': 'ask' } }, role: 'inference' };
    const usage = { input: 'house.tin', output: 'house.tout' };
    writeFileSync(config, JSON.stringify({ profiles: [{ ...profile, usage }] }));
    const { stdout } = await runTurnmeter(['profile', 'test', traces, '--config', config, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      totals: { inferences: 1, input_tokens: 120, output_tokens: 30 },
      groups: [{ records: 1, profile: 'house', counts_as: 'inference', reason: 'call' }],
    });
    writeFileSync(config, JSON.stringify({ profiles: [{ ...profile, usage: { input: 'a', outptu: 'b' } }] }));
    const wrong = await runTurnmeter(['profile', 'test', traces, '--config', config]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('error: the profile profiles[0] of the configuration cannot be used: usage');
  });

  it('ends with 1 where a file cannot be read, after having read the others', async () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'broken-traces.pb'), Buffer.from([0x0a, 0xff, 0xff, 0x01]));
    const sound = path.join(captures, 'adk-native/002-traces.json');
    const { code, stdout, stderr } = await runTurnmeter([
      'profile',
      'test',
      sound,
      path.join(folder, 'broken-traces.pb'),
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('2 files, 57 records: ');
    expect(stderr).toContain('request body is not OTLP (truncated)');
  });
});
