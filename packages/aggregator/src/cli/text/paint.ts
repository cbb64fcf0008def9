import { styleText } from 'node:util';

/** The few ways in which text stands out; what they look like is decided here. */
export type Tone = 'plain' | 'title' | 'faint' | 'good' | 'warning' | 'bad' | 'name';

/** Colors a text, or leaves it as it is where nobody would see colors. */
export type Paint = (tone: Tone, text: string) => string;

const FORMATS: Readonly<Record<Exclude<Tone, 'plain'>, Parameters<typeof styleText>[0]>> = {
  title: 'bold',
  faint: 'dim',
  good: 'green',
  warning: 'yellow',
  bad: 'red',
  name: 'cyan',
};

/** Colors for a stream: only on a terminal, and not where NO_COLOR asks for none. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (tone, text) => (tone === 'plain' ? text : styleText(FORMATS[tone], text, { stream }));
}

/** No colors. */
export const plainPaint: Paint = (_, text) => text;
