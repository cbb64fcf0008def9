// What a bundler puts into one file is not loaded from node_modules any more, and hooks never see it.

import path from 'node:path';
import type { Check } from '../check.ts';
import { type Diagnosis, Severity } from '../finding.ts';
import type { App } from '../app/app.ts';
import { blankComments } from '../app/blank-comments.ts';
import { readText } from '../app/read-text.ts';
import { Attachment, frameworkNamed } from '../known-packages.ts';

export const bundling: Check<App> = {
  name: 'bundling',
  run: async (app) => {
    const wrapped = [
      ...new Set(
        app.packages
          .filter(({ name }) => frameworkNamed(name)?.attachment === Attachment.HOOKS)
          .map(({ name }) => name),
      ),
    ];
    if (wrapped.length === 0) return [];
    return [...inScripts(app, wrapped), ...(await inConfigurations(app, wrapped))];
  },
};

interface Bundler {
  readonly name: string;
  /** A command that bundles. */
  readonly command: RegExp;
  /** What in it keeps packages out. */
  readonly keepsOut: RegExp;
  readonly fix: (packages: readonly string[]) => string;
}

const BUNDLERS: readonly Bundler[] = [
  {
    name: 'esbuild',
    command: /\besbuild\b.*--bundle\b/,
    keepsOut: /--packages[= ]external|--external:/,
    fix: () => 'esbuild … --bundle --packages=external',
  },
  {
    name: 'ncc',
    command: /\bncc\s+build\b/,
    keepsOut: /--external\b|-e\s/,
    fix: (packages) => `ncc build … ${packages.map((name) => `--external ${name}`).join(' ')}`,
  },
  {
    name: 'bun',
    command: /\bbun\s+build\b/,
    keepsOut: /--packages[= ]external|--external\b/,
    fix: () => 'bun build … --packages=external',
  },
];

function inScripts({ manifest }: App, wrapped: readonly string[]): readonly Diagnosis[] {
  return Object.entries(manifest.scripts).flatMap(([script, command]) =>
    BUNDLERS.filter((bundler) => bundler.command.test(command) && !bundler.keepsOut.test(command)).map(
      ({ name, fix }) => swallowed(name, `package.json: scripts.${script}`, wrapped, fix(wrapped)),
    ),
  );
}

interface Configuration {
  readonly name: string;
  readonly files: readonly string[];
  /** Whether its text bundles at all; one that keeps packages out by itself has to be told to bundle. */
  readonly bundles: RegExp;
  readonly keepsOut: (text: string, wrapped: readonly string[]) => readonly string[];
  readonly fix: (packages: readonly string[]) => string;
}

/** Packages that a list in the text does not name. */
const unnamed = (text: string, wrapped: readonly string[]): readonly string[] =>
  wrapped.filter((name) => !text.includes(`'${name}'`) && !text.includes(`"${name}"`));

const variants = (name: string): readonly string[] =>
  ['js', 'mjs', 'cjs', 'ts', 'mts'].map((ending) => `${name}.${ending}`);
const quoted = (packages: readonly string[]): string => `[${packages.map((name) => `'${name}'`).join(', ')}]`;

const CONFIGURATIONS: readonly Configuration[] = [
  {
    name: 'Next.js',
    files: variants('next.config'),
    bundles: /^/,
    keepsOut: (text, wrapped) =>
      /serverExternalPackages|serverComponentsExternalPackages/.test(text) ? unnamed(text, wrapped) : wrapped,
    fix: (packages) => `next.config: serverExternalPackages: ${quoted(packages)}`,
  },
  {
    name: 'webpack',
    files: variants('webpack.config'),
    bundles: /^/,
    keepsOut: (text, wrapped) =>
      /nodeExternals\s*\(|webpack-node-externals|externalsPresets/.test(text)
        ? []
        : /externals/.test(text)
          ? unnamed(text, wrapped)
          : wrapped,
    fix: () => 'webpack.config: externals: [nodeExternals()]  of webpack-node-externals',
  },
  {
    name: 'tsup',
    files: variants('tsup.config'),
    bundles: /noExternal/,
    keepsOut: (text, wrapped) =>
      /noExternal\s*:\s*\[\s*\/\.\*/.test(text)
        ? wrapped
        : wrapped.filter((name) => !unnamed(text, wrapped).includes(name)),
    fix: (packages) => `tsup.config: leave ${packages.join(', ')} out of noExternal`,
  },
  {
    name: 'esbuild',
    files: [...variants('esbuild.config'), ...variants('esbuild'), ...variants('build')],
    bundles: /\bbundle\s*:\s*true/,
    keepsOut: (text, wrapped) =>
      /packages\s*:\s*['"]external['"]/.test(text) ? [] : /external\s*:/.test(text) ? unnamed(text, wrapped) : wrapped,
    fix: () => "esbuild: packages: 'external'",
  },
];

async function inConfigurations({ folder }: App, wrapped: readonly string[]): Promise<readonly Diagnosis[]> {
  const diagnoses = await Promise.all(
    CONFIGURATIONS.flatMap(({ name, files, bundles, keepsOut, fix }) =>
      files.map(async (file): Promise<readonly Diagnosis[]> => {
        const text = await readText(path.join(folder, file));
        if (text === undefined || !bundles.test(text)) return [];
        const inside = keepsOut(blankComments(text), wrapped);
        return inside.length === 0 ? [] : [swallowed(name, file, inside, fix(inside))];
      }),
    ),
  );
  return diagnoses.flat();
}

function swallowed(bundler: string, where: string, packages: readonly string[], fix: string): Diagnosis {
  return {
    severity: Severity.LOSES_DATA,
    found: `${bundler} bundles ${packages.join(', ')}`,
    where: [where],
    why: 'What is inside of the bundle is not loaded as a module any more, so it cannot be wrapped and its calls are not seen.',
    fix: [fix],
    isHeuristic: true,
  };
}
