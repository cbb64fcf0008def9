import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Room } from '../src/room.ts';

/** With room for so many at a time; `enter` takes some of it and resolves with how many have, whose names `taken` has in order. */
function roomFor(places: number, waitMsMax = 60_000) {
  const taken: string[] = [];
  let used = 0;
  const room = new Room({ waitMsMax, hasRoom: () => used < places, refusal: () => new Error('full') });
  return {
    taken,
    enter: (name: string): Promise<number> =>
      room.enter(() => {
        used += 1;
        return taken.push(name);
      }),
    free: (): void => {
      used -= 1;
      room.look();
    },
  };
}

describe('a room', () => {
  it('lets in at once while there is room', () => {
    const { enter, taken } = roomFor(2);
    void enter('a');
    void enter('b');
    expect(taken).toEqual(['a', 'b']);
  });

  it('lets in the others as room is given back, in the order in which they came', async () => {
    const { enter, taken, free } = roomFor(1);
    const all = ['a', 'b', 'c', 'd'].map(enter);
    await sleep(1);
    expect(taken).toEqual(['a']);
    free();
    // Nobody passes by those who wait, even if it is free just now.
    all.push(enter('e'));
    await sleep(1);
    expect(taken).toEqual(['a', 'b']);
    for (let freed = 0; freed < 3; freed++) {
      free();
      await sleep(1);
    }
    expect(taken).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
  });

  it('sends away who waited in vain, and lets in who came after that', async () => {
    const { enter, taken, free } = roomFor(1, 20);
    void enter('a');
    await expect(enter('b')).rejects.toThrow('full');
    free();
    await enter('c');
    expect(taken).toEqual(['a', 'c']);
  });

  it('goes on where one of them fails', async () => {
    const hasRoom = { yes: false };
    const room = new Room({ waitMsMax: 60_000, hasRoom: () => hasRoom.yes, refusal: () => new Error('full') });
    const broken = room.enter(() => {
      throw new Error('cannot be read');
    });
    const whole = room.enter(() => 'read');
    hasRoom.yes = true;
    room.look();
    await expect(broken).rejects.toThrow('cannot be read');
    await expect(whole).resolves.toBe('read');
  });
});
