import { readFile } from 'node:fs/promises';

/** What is read of a package.json; all else in it is nobody's concern here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly isModule: boolean;
  readonly packageManager: string;
  /** Range of Node, empty where none is named. */
  readonly nodeRange: string;
  readonly scripts: StringMap;
  readonly dependencies: StringMap;
  readonly devDependencies: StringMap;
  readonly optionalDependencies: StringMap;
  readonly peerDependencies: StringMap;
  readonly workspaces: readonly string[];
}

export type StringMap = Readonly<Record<string, string>>;

/** Reads `<folder>/package.json`; undefined where there is none, or none that can be read. */
export async function readManifest(file: string): Promise<Manifest | undefined> {
  let value: unknown;
  try {
    // A byte order mark is no JSON, and some editors write one.
    value = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? parse(value) : undefined;
}

function parse(value: object): Manifest {
  const fields = value as Readonly<Record<string, unknown>>;
  return {
    name: textOf(fields['name']),
    version: textOf(fields['version']),
    isModule: fields['type'] === 'module',
    packageManager: textOf(fields['packageManager']),
    nodeRange: stringsOf(fields['engines'])['node'] ?? '',
    scripts: stringsOf(fields['scripts']),
    dependencies: stringsOf(fields['dependencies']),
    devDependencies: stringsOf(fields['devDependencies']),
    optionalDependencies: stringsOf(fields['optionalDependencies']),
    peerDependencies: stringsOf(fields['peerDependencies']),
    workspaces: workspacesOf(fields['workspaces']),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function stringsOf(value: unknown): StringMap {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** `["packages/*"]`, or of older yarn `{"packages": ["packages/*"]}`. */
function workspacesOf(value: unknown): readonly string[] {
  const list: unknown = typeof value === 'object' && value !== null && 'packages' in value ? value.packages : value;
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}
