// Opens the page in Chromium with what was collected, and takes a picture of it when it is drawn.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import type { Collected } from './collect/dashboard.ts';

const ICONS = path.join(import.meta.dirname, '../node_modules/@grafana/ui/dist/public/img/icons');
const ADDRESS = 'http://preview.invalid';
const DRAWN_MS = 60_000;
/** Of a dashboard's grid, and of what stands above and below it. */
const ROW_PIXELS = 38;
const AROUND_PIXELS = 140;
/** Charts are drawn after the page, and images of icons come later. */
const SETTLED_MS = 900;

export interface PictureOptions {
  readonly browser: Browser;
  /** Of `bundlePage`. */
  readonly bundle: string;
  readonly theme: 'dark' | 'light';
  readonly width: number;
  /** What the page takes for now, from which it counts "4 hours ago". */
  readonly nowMs: number;
}

export interface Picture {
  readonly png: Buffer;
  /** Titles of panels that say that they have no data. */
  readonly empty: readonly string[];
  /** Of those that have none either and say what that means. */
  readonly quiet: readonly string[];
  /** What went wrong while drawing. */
  readonly failures: readonly string[];
  /** Everything that can be read in the picture. */
  readonly text: string;
}

export async function openBrowser(say: (line: string) => void): Promise<Browser> {
  const { path: executablePath, env } = await findChromium(say);
  return chromium.launch({
    executablePath,
    env: { ...definedOf(process.env), ...env },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--hide-scrollbars',
    ],
  });
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export async function takePicture(
  collected: Collected,
  { browser, bundle, theme, width, nowMs }: PictureOptions,
): Promise<Picture> {
  const page = await browser.newPage({
    // As tall as all of it: what is outside of the window is not drawn by everything.
    viewport: { width, height: heightOf(collected) },
    timezoneId: 'UTC',
    locale: 'en-US',
    reducedMotion: 'reduce',
  });
  try {
    const thrown: string[] = [];
    await page.clock.setFixedTime(nowMs);
    page.on('pageerror', (error) => thrown.push(error.message));
    await serve(page, { collected, bundle, theme });
    await page.goto(`${ADDRESS}/`);
    await page
      .waitForFunction('window.preview.drawn !== undefined', undefined, { timeout: DRAWN_MS })
      .catch((error: unknown) => {
        throw new Error(`the page was not drawn: ${thrown.join('; ') || String(error)}`);
      });
    await page.waitForTimeout(SETTLED_MS);
    return {
      png: await page.screenshot({ fullPage: true }),
      empty: await titlesOf(page, '[data-empty]'),
      quiet: await titlesOf(page, '[data-quiet]'),
      failures: [
        ...thrown,
        ...(await page.evaluate<string[]>('window.preview.drawn')),
        ...(await titlesOf(page, '[data-failure]')),
      ],
      text: await page.innerText('body'),
    };
  } finally {
    await page.close();
  }
}

function heightOf({ panels }: Collected): number {
  const rows = Math.max(...panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));
  return rows * ROW_PIXELS + AROUND_PIXELS;
}

/** Which panels have such an element. */
async function titlesOf(page: Page, selector: string): Promise<string[]> {
  const script = `[...document.querySelectorAll('${selector}')].map((found) => {
    const panel = found.closest('[data-panel]');
    return (panel?.querySelector('h2,h6')?.textContent ?? '#' + panel?.dataset.panel) + ': ' + found.textContent;
  })`;
  return page.evaluate<string[]>(script);
}

interface Served {
  readonly collected: Collected;
  readonly bundle: string;
  readonly theme: string;
}

/** Nothing listens: the browser's requests are answered here, and none leaves it. */
async function serve(page: Page, { collected, bundle, theme }: Served): Promise<void> {
  const data = JSON.stringify(collected).replaceAll('<', String.raw`\u003c`);
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="stylesheet" href="/page.css"><body style="margin:0"><div id="root"></div>
    <script>window.grafanaBootData={settings:{},user:{}};window.__grafana_public_path__='/public/';window.preview={theme:'${theme}',collected:${data}}</script>
    <script type="module" src="/page.js"></script></body></html>`;
  await page.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    const icon = /\/img\/icons\/([\w-]+\/[\w-]+\.svg)$/.exec(pathname)?.[1];
    if (pathname === '/') await route.fulfill({ contentType: 'text/html', body: html });
    else if (pathname === '/page.js')
      await route.fulfill({ contentType: 'text/javascript', body: await readFile(path.join(bundle, 'page.js')) });
    else if (pathname === '/page.css')
      await route.fulfill({ contentType: 'text/css', body: await readFile(path.join(bundle, 'page.css')) });
    else if (icon !== undefined)
      await route.fulfill({
        contentType: 'image/svg+xml',
        body: await readFile(path.join(ICONS, icon)).catch(() => '<svg xmlns="http://www.w3.org/2000/svg"/>'),
      });
    else await route.abort();
  });
}
