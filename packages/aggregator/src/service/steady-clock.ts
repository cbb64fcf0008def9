/**
 * A clock that starts at the machine's time and only goes forward, as time passes, µs. What depends on how long ago something was must
 * not wait for a day because the machine's clock was set back by one, nor end at once because it was set forward.
 */
export function steadyClock(startUs: number = Date.now() * 1000): () => number {
  const beganMs = performance.now();
  return () => startUs + Math.round((performance.now() - beganMs) * 1000);
}
