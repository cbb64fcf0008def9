import v8 from 'node:v8';

/**
 * How much larger than what is in use the heap may grow, percent, before the garbage collector looks through it. Left to itself it may
 * become four times as large: most records leave the book some seconds after they came, which is a lot to forget between two looks.
 * Measured with 50,000 records under load: 450 MiB resident instead of 570, for a tenth more CPU.
 */
const HEAP_GROWING_PERCENT = 60;

/** Keeps the heap of this process near what it uses. To be called by a process that serves, before it begins. */
export function boundHeap(): void {
  v8.setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
}
