import type { Invocation } from '../invocation.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** What is done by then needs no announcement. */
const SHOWN_AFTER_MS = 300;

/** Says on standard error that something takes its time: moving on a terminal, one line elsewhere. Gone when it is stopped. */
export class Spinner {
  readonly #invocation: Invocation;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #text: string;
  #frame = 0;
  #isShown = false;

  constructor(invocation: Invocation, text: string) {
    this.#invocation = invocation;
    this.#text = text;
    this.#timer = setInterval(() => this.#draw(), FRAME_MS).unref();
  }

  set text(text: string) {
    this.#text = text;
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#isShown && this.#invocation.terminal.stderr.isTTY) this.#invocation.terminal.stderr.write('\r\x1b[2K');
  }

  #draw(): void {
    const elapsedMs = performance.now() - this.#startedAt;
    if (elapsedMs < SHOWN_AFTER_MS) return;
    const { terminal, errorPaint } = this.#invocation;
    if (terminal.stderr.isTTY) {
      const frame = FRAMES[this.#frame++ % FRAMES.length] ?? '';
      const seconds = Math.floor(elapsedMs / 1000);
      terminal.stderr.write(
        `\r\x1b[2K${errorPaint('name', frame)} ${this.#text} ... ${seconds > 0 ? `${seconds} s` : ''}`,
      );
    } else if (!this.#isShown) {
      terminal.stderr.write(`${this.#text} ...\n`);
    }
    this.#isShown = true;
  }
}
