import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What the app calls itself, for those who did not set `OTEL_SERVICE_NAME`: the name in the nearest package.json, else its script's. */
export function guessServiceName(
  env: NodeJS.ProcessEnv = process.env,
  script: string | undefined = process.argv[1],
): string | undefined {
  if (env['OTEL_SERVICE_NAME'] !== undefined || (env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').includes('service.name='))
    return undefined;
  if (script === undefined) return undefined;
  let folder = path.dirname(path.resolve(script));
  for (let levels = 0; levels < LEVELS_MAX; levels++) {
    const name = nameIn(path.join(folder, 'package.json'));
    if (name !== undefined) return name;
    const above = path.dirname(folder);
    if (above === folder) break;
    folder = above;
  }
  return path.basename(script, path.extname(script));
}

const LEVELS_MAX = 20;

function nameIn(packageJson: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(packageJson, 'utf8')) as { readonly name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
