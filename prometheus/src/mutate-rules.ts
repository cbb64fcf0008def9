// `npm run prometheus:mutants -- [promtool] [alert]`: is there a case of promtool that fails when a rule is wrong? Every number that an alert compares with is
// doubled and halved, one after the other. Says which changes nobody notices, and ends with 1 if there are any. Takes an hour.

import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';

interface RuleFile {
  readonly groups: readonly { readonly rules: { readonly alert?: string; expr: string; readonly labels?: Labels }[] }[];
}
type Labels = Readonly<Record<string, string>>;

interface Mutant {
  readonly file: string;
  readonly alert: string;
  readonly what: string;
  readonly text: string;
}

const run = promisify(execFile);
const FOLDER = path.join(import.meta.dirname, '..');
/** `> 14.4`, `>= 0.9`, `< 3 * 86400`; twice nothing is nothing. */
const THRESHOLD = /(?<=[<>]=? )(?!0\b(?!\.))\d+(?:\.\d+)?/g;
const FACTORS = [2, 0.5] as const;

const [promtool = 'promtool', only = ''] = process.argv.slice(2);
const directory = await mkdtemp(path.join(tmpdir(), 'turnmeter-mutants-'));
try {
  for (const folder of ['rules', 'tests'])
    await cp(path.join(FOLDER, folder), path.join(directory, folder), { recursive: true });
  let survivors = 0;
  for (const mutant of (await mutants()).filter(({ alert }) => alert.includes(only))) {
    const noticedBy = await firstFailure(mutant);
    if (noticedBy === undefined) survivors++;
    process.stdout.write(
      `${noticedBy === undefined ? 'NOBODY notices' : `${noticedBy} notices`} ${mutant.alert}: ${mutant.what}\n`,
    );
  }
  process.exitCode = survivors === 0 ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function mutants(): Promise<readonly Mutant[]> {
  const files = await readdir(path.join(FOLDER, 'rules'));
  const found = await Promise.all(
    files.map(async (file) => mutantsOf(file, await readFile(path.join(FOLDER, 'rules', file), 'utf8'))),
  );
  return found.flat();
}

/** A number is changed wherever its alert has it: both windows of a pair. */
function mutantsOf(file: string, text: string): readonly Mutant[] {
  const { groups } = parse(text) as RuleFile;
  return groups.flatMap(({ rules }, group) =>
    rules.flatMap(({ alert, expr, labels }, rule) => {
      const numbers = alert === undefined ? [] : [...new Set(expr.match(THRESHOLD) ?? [])];
      return numbers.flatMap((number) =>
        FACTORS.map((factor) => {
          const changed = parse(text) as RuleFile;
          const target = changed.groups[group]?.rules[rule];
          const value = String(Number(number) * factor);
          if (target !== undefined)
            target.expr = expr.replaceAll(THRESHOLD, (found) => (found === number ? value : found));
          const what = `${labels?.['severity']}, ${number} → ${value}`;
          return { file, alert: alert ?? '', what, text: stringify(changed) };
        }),
      );
    }),
  );
}

/** The first file of cases that fails, of those that know the alert; quick ones first. */
async function firstFailure({ file, alert, text }: Mutant): Promise<string | undefined> {
  const original = path.join(directory, 'rules', file);
  const before = await readFile(original, 'utf8');
  await writeFile(original, text);
  try {
    for (const cases of await casesOf(alert)) {
      const isFine = await run(promtool, ['test', 'rules', path.join('tests', cases)], { cwd: directory }).then(
        () => true,
        () => false,
      );
      if (!isFine) return cases;
    }
    return undefined;
  } finally {
    await writeFile(original, before);
  }
}

async function casesOf(alert: string): Promise<readonly string[]> {
  const names = await readdir(path.join(directory, 'tests'));
  const texts = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(path.join(directory, 'tests', name), 'utf8') })),
  );
  const knowing = texts.filter(({ text }) => text.includes(alert));
  return knowing.toSorted((a, b) => Number(isLong(a.name)) - Number(isLong(b.name))).map(({ name }) => name);
}

function isLong(name: string): boolean {
  return /^(?:months|weeks)\./.test(name);
}
