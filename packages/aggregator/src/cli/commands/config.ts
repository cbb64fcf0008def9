import { Command } from 'commander';
import type { Config } from '../../config/config.ts';
import type { Setting } from '../../config/settings.ts';
import type { Invocation } from '../invocation.ts';
import { addConfigOption, addJsonOption, type OutputOptions } from '../options.ts';
import { shown } from '../text/escape.ts';

const HELP = `
A setting a.b_c of the file is TURNMETER_A_B_C in the environment, which goes before the file. Lists stand in the file only.

Examples:
  $ turnmeter config
  $ turnmeter config --config turnmeter.yaml
  $ turnmeter config otlp                       only settings whose name has "otlp" in it
  $ turnmeter config --json | jq '.settings[] | select(.value != .default)'
`;

interface ConfigOptions extends OutputOptions {
  readonly config?: string;
}

/** A setting with what it is set to; secrets are not shown. */
interface SettingValue extends Setting {
  readonly value: unknown;
}

export function describeConfig(invocation: Invocation): Command {
  const command = new Command('config')
    .description(
      'Lists all settings: what they mean, their names, defaults and values. Checks the file and the environment.',
    )
    .argument('[name]', 'part of the names of the settings to show')
    .addHelpText('after', HELP);
  return addJsonOption(addConfigOption(command)).action(async (name: string | undefined, options: ConfigOptions) => {
    const { parseConfig } = await import('../../config/parse-config.ts');
    const { listSettings } = await import('../../config/settings.ts');
    const { pricesOf, profilesOf } = await import('../../service/parse-rules.ts');
    const config = parseConfig({ file: options.config, env: invocation.terminal.env });
    // Throw where the service would not start with them.
    pricesOf(config);
    profilesOf(config);
    const settings = listSettings()
      .filter(({ path, variable }) => name === undefined || path.includes(name) || variable.includes(name))
      .map((setting): SettingValue => ({ ...setting, value: masked(setting.path, valueAt(config, setting.path)) }));
    if (options.json === true)
      invocation.printJson({ file: options.config ?? null, settings: settings.map(forPrograms) });
    else if (settings.length === 0)
      invocation.print(`No setting has "${shown(name ?? '')}" in its name; \`turnmeter config\` lists all.`);
    else invocation.print(...settings.flatMap((setting) => linesOf(setting, invocation)));
  });
}

function valueAt(config: Config, path: string): unknown {
  let at: unknown = config;
  for (const name of path.split('.')) at = typeof at === 'object' && at !== null ? Reflect.get(at, name) : undefined;
  return at;
}

/** Whoever writes a password into them finds it hidden. */
const URLS: ReadonlySet<string> = new Set(['clickhouse.url', 'control.url', 'metrics.push.endpoint']);

function masked(path: string, value: unknown): unknown {
  if (value === undefined) return null;
  if (path === 'clickhouse.password') return '***';
  if (path === 'metrics.push.headers' && typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.keys(value).map((name) => [name, '***']));
  if (URLS.has(path) && typeof value === 'string') return value.replace(/\/\/[^/@]*@/, '//***@');
  if (path === 'keys' && Array.isArray(value)) return value.map((key: object) => ({ ...key, sha256: '***' }));
  return value;
}

function forPrograms({ path, variable, kind, description, default: ifUnset, value }: SettingValue): object {
  return {
    name: path,
    variable: variable === '' ? null : variable,
    kind,
    description,
    default: ifUnset ?? null,
    value,
  };
}

/**
 * ```
 * otlp.http_port = 4318
 *   TURNMETER_OTLP_HTTP_PORT  OTLP/HTTP. 0 takes a free port.
 * ```
 */
function linesOf(setting: SettingValue, { paint }: Invocation): readonly string[] {
  const { path, variable, description, value, default: ifUnset } = setting;
  const isDefault = JSON.stringify(value) === JSON.stringify(ifUnset ?? null);
  const current = value === null ? paint('faint', 'not set') : paint(isDefault ? 'plain' : 'good', inWords(value));
  const otherwise = isDefault || ifUnset === undefined ? '' : paint('faint', `  (default ${inWords(ifUnset)})`);
  const place = variable === '' ? 'in the file only' : variable;
  return [`${paint('name', path)} = ${current}${otherwise}`, `  ${paint('faint', place)}  ${description}`];
}

function inWords(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).length === 0 ? 'none' : shown(JSON.stringify(value));
  }
  return shown(String(value));
}
