import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { type Manifest, readManifest } from './manifest.ts';
import { readText } from './read-text.ts';

export interface WorkspacePackage {
  /** Relative to the workspace's root, with slashes. */
  readonly folder: string;
  readonly manifest: Manifest;
}

const FOLDERS_MAX = 5000;
const DEPTH_MAX = 4;

/** Packages of a workspace of npm, yarn, pnpm or bun; none where the folder is no root of one. */
export async function readWorkspaces(root: string, manifest: Manifest): Promise<readonly WorkspacePackage[]> {
  const pnpm = await readText(path.join(root, 'pnpm-workspace.yaml'));
  const globs = [...manifest.workspaces, ...(pnpm === undefined ? [] : packagesOf(pnpm))];
  if (globs.length === 0) return [];
  const wanted = globs.filter((glob) => !glob.startsWith('!')).map(patternOf);
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => patternOf(glob.slice(1)));
  const folders = (await foldersBelow(root)).filter((folder) => matches(folder, wanted) && !matches(folder, unwanted));
  const packages = await Promise.all(
    folders.map(async (folder) => {
      const own = await readManifest(path.join(root, folder, 'package.json'));
      return own === undefined ? [] : [{ folder, manifest: own }];
    }),
  );
  return packages.flat();
}

/** The list `packages:` of pnpm-workspace.yaml: lines of `  - 'packages/*'`, or `packages: [a, b]`. */
function packagesOf(yaml: string): readonly string[] {
  const [, inline] = /^packages:[ \t]*\[([^\]]*)\]/m.exec(yaml) ?? [];
  const [, block = ''] = /^packages:[ \t]*(?:#.*)?\r?\n((?:[ \t]*(?:-.*|#.*)?(?:\r?\n|$))*)/m.exec(yaml) ?? [];
  const items = inline?.split(',') ?? [...block.matchAll(/^[ \t]*-[ \t]+(.*)$/gm)].map(([, item = '']) => item);
  return items
    .map((item) =>
      item
        .replace(/\s+#.*$/, '')
        .trim()
        .replaceAll(/^['"]|['"]$/g, ''),
    )
    .filter((item) => item !== '');
}

/** `packages/*` → one folder, `apps/**` → any below. */
function patternOf(glob: string): RegExp {
  const pattern = glob
    .replace(/^\.\//, '')
    .replace(/\/+$/, '')
    .split(/(\*\*|\*)/)
    .map((piece) =>
      piece === '**' ? '.+' : piece === '*' ? '[^/]+' : piece.replaceAll(/[$()+.?[\\\]^{|}]/g, String.raw`\$&`),
    )
    .join('');
  return new RegExp(`^${pattern}$`);
}

function matches(folder: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(folder));
}

async function foldersBelow(root: string): Promise<readonly string[]> {
  const folders: string[] = [];
  const enter = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const { name } of entries.filter(
      (entry) => entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name),
    )) {
      if (folders.length >= FOLDERS_MAX) return;
      const inner = folder === '' ? name : `${folder}/${name}`;
      folders.push(inner);
      if (depth < DEPTH_MAX) await enter(inner, depth + 1);
    }
  };
  await enter('', 1);
  return folders;
}
