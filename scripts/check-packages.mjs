#!/usr/bin/env node
// What npm would publish, looked at as those who install it will see it: each package is packed, checked by publint and
// "are the types wrong", then service and plugin are installed by `npm install` in an empty project, all of it is imported,
// and its commands are run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const bin = path.join(root, 'node_modules', '.bin');
const scratch = mkdtempSync(path.join(tmpdir(), 'turnmeter-packages-'));
/** What people install; the others come with them. */
const INSTALLED = ['@turnmeter/aggregator', '@turnmeter/instrumentation'];
const NPM_FLAGS = [
  '--strict-peer-deps',
  '--omit=optional',
  '--ignore-scripts',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
];
/** Told by the lock file, which names every place in `node_modules`. */
const ONE_API = `
  const { packages } = JSON.parse(require('node:fs').readFileSync('package-lock.json', 'utf8'));
  const copies = Object.keys(packages).filter((place) => place.endsWith('node_modules/@opentelemetry/api'));
  require('node:assert/strict').deepEqual(copies, ['node_modules/@opentelemetry/api']);
`;
let problems = 0;

try {
  run('build', path.join(bin, 'tsc'), ['-b']);
  const manifests = readdirSync(path.join(root, 'packages'))
    .map(packageAt)
    .filter((manifest) => manifest.private !== true);
  const tarballs = manifests.map((manifest) => pack(manifest));
  for (const { name, tarball } of tarballs) {
    run(`publint ${name}`, path.join(bin, 'publint'), ['run', tarball, '--strict']);
    run(`attw ${name}`, path.join(bin, 'attw'), [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii']);
  }
  tryInstalled(tarballs);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (problems > 0) process.exitCode = 1;

function packageAt(folder) {
  const directory = path.join(root, 'packages', folder);
  return { directory, ...JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8')) };
}

function pack({ directory, name, version, publishConfig }) {
  const target = path.join(scratch, name.replace('/', '-'));
  run(`pack ${name}`, 'npx', ['--yes', packageManager, 'pack', '--pack-destination', target], directory);
  const [file] = readdirSync(target);
  return {
    name,
    version,
    commands: Object.keys(publishConfig.bin ?? {}),
    entries: Object.keys(publishConfig.exports),
    tarball: path.join(target, file),
  };
}

/** Installs the tarballs as an app would, each in place of what the registry has, and uses them. */
function tryInstalled(tarballs) {
  const project = path.join(scratch, 'project');
  writeProject(project, tarballs);
  // The engine is 540 MB, optional to npm, and tested elsewhere. An API that two want otherwise is an error, not a warning.
  run('npm install', 'npm', ['install', ...NPM_FLAGS], project);
  // Two copies of the API do not know of each other: what the plugin makes would reach no exporter.
  run('one OpenTelemetry API', process.execPath, ['--eval', ONE_API], project);
  for (const { name, commands, entries } of tarballs) {
    for (const entry of entries) {
      const specifier = JSON.stringify(path.posix.join(name, entry));
      run(
        `import ${specifier}`,
        process.execPath,
        ['--input-type=module', '--eval', `await import(${specifier})`],
        project,
      );
      run(
        `require ${specifier}`,
        process.execPath,
        ['--input-type=commonjs', '--eval', `require(${specifier})`],
        project,
      );
    }
    for (const command of commands) {
      run(`${command} --help`, path.join(project, 'node_modules', '.bin', command), ['--help'], project);
    }
  }
}

function writeProject(project, tarballs) {
  mkdirSync(project);
  const dependencies = filesOf(tarballs.filter(({ name }) => INSTALLED.includes(name)));
  const overrides = filesOf(tarballs.filter(({ name }) => !INSTALLED.includes(name)));
  writeFileSync(
    path.join(project, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies, overrides }),
  );
}

function filesOf(tarballs) {
  return Object.fromEntries(tarballs.map(({ name, tarball }) => [name, `file:${tarball}`]));
}

function run(what, command, parameters, cwd = root) {
  const result = spawnSync(command, parameters, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', NO_COLOR: '1' },
  });
  if (result.status === 0) {
    process.stdout.write(`ok    ${what}\n`);
    return;
  }
  problems++;
  process.stdout.write(`FAIL  ${what}\n${result.error?.message ?? ''}${result.stdout}${result.stderr}\n`);
}
