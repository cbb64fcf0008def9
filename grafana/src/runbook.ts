// Where it says what to do when an alert fires: a page for each, by its name.

/** Folder of the pages, as alerts have it in `runbook_url`. */
export const RUNBOOKS = 'https://github.com/turnmeter/turnmeter/blob/main/docs/runbooks';

/** `… (runbook TurnmeterDown)` with a link in Markdown, as Grafana shows descriptions. */
export function withRunbookLinks(text: string): string {
  return text.replaceAll(/\bTurnmeter(?:[A-Z][a-z]+)+\b/g, (alert) => `[${alert}](${RUNBOOKS}/${alert}.md)`);
}
