// What an instrumentation says it wraps: OpenTelemetry's way to say so is `new InstrumentationNodeModuleDefinition('openai', ['>=4 <7'], …)`,
// which is read in the package's files and not run. So a new version of it needs no new version of this.

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { blankComments } from './blank-comments.ts';
import type { InstalledPackage } from './installed-packages.ts';
import { readText } from './read-text.ts';

export interface DeclaredTarget {
  /** Name of the package that is wrapped. */
  readonly name: string;
  /** Versions of it that are wrapped; all others are passed over without a word. */
  readonly ranges: readonly string[];
}

const FILES_MAX = 500;
const DEPTH_MAX = 6;

/** Targets that a package declares; none where it wraps by other means. */
export async function readDeclaredTargets({
  folder,
}: Pick<InstalledPackage, 'folder'>): Promise<readonly DeclaredTarget[]> {
  const texts: string[] = [];
  for (const file of await listFiles(folder)) {
    const text = await readText(file);
    if (text !== undefined && /InstrumentationNodeModuleDefinition|SUPPORTED_VERSIONS|\[\s*['"][<>=^~*\d]/.test(text))
      texts.push(blankComments(text));
  }
  const targets = texts.flatMap((text) =>
    [...text.matchAll(DEFINITION)].flatMap((match) => targetOf(match, [text, ...texts])),
  );
  // The same is in the ES and in the CommonJS files.
  return [...new Map(targets.map((target) => [JSON.stringify(target), target])).values()];
}

/** `new InstrumentationNodeModuleDefinition("openai", [">=4.19.0 <7"], …`, both arguments as text or by name. */
const DEFINITION =
  /\bInstrumentationNodeModuleDefinition\(\s*(['"`][^'"`\n]+['"`]|[\w$.]+)\s*,\s*(\[[^\]]*\]|[\w$.]+)/g;

function targetOf(
  [, module = '', versions = '']: RegExpMatchArray,
  texts: readonly string[],
): readonly DeclaredTarget[] {
  const name = packageOf(stringsIn(valueOf(module, /['"`][^'"`\n]+['"`]/, texts))[0] ?? '');
  const ranges = stringsIn(valueOf(versions, /\[[^\]]*\]/, texts));
  return name === '' || ranges.length === 0 ? [] : [{ name, ranges }];
}

/** A value itself, or what a constant of that name is said to be, in the same file first: `constants_1.RANGES` → `RANGES = [...]`. */
function valueOf(text: string, kind: RegExp, texts: readonly string[]): string {
  if (!/^[\w$.]+$/.test(text)) return text;
  const name =
    text
      .split('.')
      .at(-1)
      ?.replaceAll('$', String.raw`\$`) ?? '';
  const pattern = new RegExp(String.raw`(?<![\w$])${name}\s*=\s*(${kind.source})`);
  return texts.map((source) => pattern.exec(source)?.[1]).find((value) => value !== undefined) ?? '';
}

function stringsIn(text: string): readonly string[] {
  return [...text.matchAll(/(['"`])([^'"`]*)\1/g)].map(([, , content = '']) => content);
}

/** `@langchain/core/dist/callbacks/manager.cjs` → `@langchain/core`. */
function packageOf(module: string): string {
  const parts = module.split('/');
  return parts.slice(0, module.startsWith('@') ? 2 : 1).join('/');
}

async function listFiles(root: string): Promise<readonly string[]> {
  const files: string[] = [];
  const enter = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (files.length >= FILES_MAX) return;
      const place = path.join(folder, entry.name);
      if (entry.isFile() && /\.[cm]?js$/.test(entry.name)) files.push(place);
      else if (
        entry.isDirectory() &&
        !/^(?:node_modules|esnext|__tests__|test|examples)$/.test(entry.name) &&
        depth < DEPTH_MAX
      )
        await enter(place, depth + 1);
    }
  };
  await enter(root, 0);
  return files;
}
