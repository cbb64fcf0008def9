import { readFileSync } from 'node:fs';
import { SCOPE_TURNMETER_INSTRUMENTATION } from '@turnmeter/semconv';

/** The instrumentation scope of all that is emitted here. */
export const INSTRUMENTATION_NAME: string = SCOPE_TURNMETER_INSTRUMENTATION;
/** This package's version. */
export const INSTRUMENTATION_VERSION: string = versionOf(new URL('../../package.json', import.meta.url));

function versionOf(packageJson: URL): string {
  try {
    const { version } = JSON.parse(readFileSync(packageJson, 'utf8')) as { readonly version?: unknown };
    return typeof version === 'string' ? version : '';
  } catch {
    // Bundled into one file.
    return '';
  }
}
