import { describe, expect, it } from 'vitest';
import { EventHub } from '../../src/control/event-hub.ts';

describe('EventHub', () => {
  it('tells those who listen for a tenant, and nobody else', () => {
    const hub = new EventHub<number>();
    const heard: string[] = [];
    const leave = hub.subscribe('acme', (event) => heard.push(`acme ${event}`));
    hub.subscribe('globex', (event) => heard.push(`globex ${event}`));
    hub.publish('acme', 1);
    leave();
    leave();
    hub.publish('acme', 2);
    hub.publish('globex', 3);
    expect(heard).toEqual(['acme 1', 'globex 3']);
    expect(hub.tenants).toEqual(['globex']);
  });

  it('tells somebody who listens twice twice, until each time ends', () => {
    const hub = new EventHub<number>();
    let heard = 0;
    const listener = (): void => void heard++;
    const leave = hub.subscribe('acme', listener);
    hub.subscribe('acme', listener);
    hub.publish('acme', 1);
    leave();
    hub.publish('acme', 2);
    expect(heard).toBe(3);
  });
});
