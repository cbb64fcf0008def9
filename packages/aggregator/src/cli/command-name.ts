/** How the command is called where it was called now: in a clone it is not installed, but a script of the repository. */
export function commandName(env: Readonly<Record<string, string | undefined>>): string {
  const isScript = env['npm_lifecycle_event'] === 'demo' || env['npm_lifecycle_event'] === 'turnmeter';
  return isScript ? 'npm run -s turnmeter --' : 'turnmeter';
}
