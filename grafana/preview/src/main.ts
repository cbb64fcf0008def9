#!/usr/bin/env node
// `npm run grafana:preview`: draws dashboards with Grafana's own components from a made-up month, as PNGs.

import { parseArgs } from 'node:util';
import { installPackages } from './install.ts';

const HELP = `Usage: npm run grafana:preview -- [options] [dashboard...]

Draws dashboards of grafana/dashboards as pictures, with Grafana's own React components, from a made-up month of four tenants: real sessions
in the real service, and a real Prometheus. Without names it draws all of them. Ends with 1 if a panel has an error or no data.

Options:
  --theme <name>      dark or light (default: dark)
  --out <directory>   where the pictures go (default: grafana/preview/pictures)
  --width <pixels>    of a picture (default: 1600)
  --set <name=value>  what a variable has, such as tenant=globex; may be given several times
  --from, --to <time> instead of the dashboard's, such as now-7d
  --keep              write what can be read in each picture, and what its panels were answered, beside it as JSON
  --fresh             make the month anew (1 to 3 minutes; else it is made once, and again after a day)
  --help              this text

Examples:
  $ npm run grafana:preview
  $ npm run grafana:preview -- overview workflow --theme light --out /tmp/pictures
  $ npm run grafana:preview -- budgets --set tenant=globex --from now-7d
`;

const OPTIONS = {
  theme: { type: 'string', default: 'dark' },
  out: { type: 'string' },
  width: { type: 'string', default: '1600' },
  set: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  keep: { type: 'boolean', default: false },
  fresh: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const startedMs = performance.now();
process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const theme = values.theme;
    if (theme !== 'dark' && theme !== 'light') throw new Error(`--theme: expected dark or light, received ${theme}`);
    const width = Number(values.width);
    if (!Number.isInteger(width) || width < 600 || width > 6000)
      throw new Error(`--width: expected 600 to 6000, received ${values.width}`);
    const preferred = Object.fromEntries((values.set ?? []).map(readSetting));
    await installPackages(say);
    // Not before its packages are there.
    const { preview } = await import('./preview.ts');
    const { out, from, to, keep, fresh } = values;
    const isSound = await preview({ names: positionals, theme, out, width, preferred, from, to, keep, fresh, say });
    return isSound ? 0 : 1;
  } catch (error) {
    say(`failed: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof Error && error.cause !== undefined)
      say(`because: ${error.cause instanceof Error ? error.cause.message : JSON.stringify(error.cause)}`);
    return 2;
  }
}

/** `tenant=globex` */
function readSetting(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw new Error(`--set: expected name=value, received ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function say(line: string): void {
  process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
}
