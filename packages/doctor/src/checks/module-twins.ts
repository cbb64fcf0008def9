// A package that is published as ES modules and as CommonJS is loaded twice where an app imports it in one place and requires it in another.

import type { Check } from '../check.ts';
import { Severity } from '../finding.ts';
import type { App } from '../app/app.ts';
import type { SourceFile } from '../app/sources.ts';
import { KNOWN_FRAMEWORKS } from '../known-packages.ts';

export const moduleTwins: Check<App> = {
  name: 'module-twins',
  run: ({ sources, packages }) => {
    const installed = new Set(packages.map(({ name }) => name));
    return KNOWN_FRAMEWORKS.filter(({ name, isTwin }) => isTwin === true && installed.has(name)).flatMap(({ name }) => {
      const imported = sources.files.find((file) => isImportedBy(file, name));
      const required = sources.files.find((file) => isRequiredBy(file, name));
      if (imported === undefined || required === undefined) return [];
      return [
        {
          severity: Severity.ADVICE,
          found: `${name} is imported and required: its ES and its CommonJS copy are both loaded`,
          where: [imported.name, required.name],
          why: 'The two have different classes and settings: what is configured or wrapped on one is not on the other.',
          fix: [`import ${name} in both files, or require it in both`],
          isHeuristic: true,
        },
      ];
    });
  },
};

/** `import x from 'openai'` in what Node loads as a module; `import('openai')` anywhere. */
function isImportedBy({ code, format }: SourceFile, name: string): boolean {
  const specifier = `['"]${escaped(name)}(?:/[^'"]*)?['"]`;
  if (new RegExp(String.raw`\bimport\s*\(\s*${specifier}`).test(code)) return true;
  return format === 'module' && new RegExp(String.raw`\b(?:from|import)\s*${specifier}`).test(code);
}

/** `require('openai')`, also one that createRequire made. */
function isRequiredBy({ code, format }: SourceFile, name: string): boolean {
  const isRequired = new RegExp(String.raw`\brequire\s*\(\s*['"]${escaped(name)}(?:/[^'"]*)?['"]`).test(code);
  return isRequired && (format === 'commonjs' || code.includes('createRequire'));
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
