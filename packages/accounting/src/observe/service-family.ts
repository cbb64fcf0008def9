// The family of sources that one instrumented application is: its spans, events and metrics report the same calls.

const SERVICE = 'service:';

export function serviceFamily(service: string): string {
  return SERVICE + service;
}

export function isServiceFamily(family: string): boolean {
  return family.startsWith(SERVICE);
}
