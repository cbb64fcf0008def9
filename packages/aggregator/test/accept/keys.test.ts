import { afterEach, describe, expect, it } from 'vitest';
import { type Doors, keyConfig, openDoors, PROTOBUF_TYPE } from './open-doors.ts';

let doors: Doors | undefined;

afterEach(async () => {
  await doors?.stop(1000);
  doors = undefined;
});

const KEYS = [
  keyConfig('one', 'token-one', ['acme']),
  keyConfig('two', 'token-two', ['acme', 'globex']),
  keyConfig('operator', 'token-operator', '*'),
  keyConfig('reader', 'token-reader', ['acme'], 'read'),
];

/** Status, and the tenants that were handed on. */
async function send(headers: Readonly<Record<string, string>>, keys = KEYS): Promise<readonly unknown[]> {
  doors ??= await openDoors({ keys });
  const before = doors.requests.length;
  const response = await doors.post('/v1/traces', 'x', { ...PROTOBUF_TYPE, ...headers });
  return [response.status, doors.requests.slice(before)[0]?.tenants];
}

const bearer = (token: string, tenant?: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
});

describe('with keys', () => {
  it('nobody sends without one that is known', async () => {
    const none = undefined;
    for (const authorization of [
      '',
      'Bearer ',
      'Bearer token-On',
      'Bearer token-one2',
      'Basic dG9rZW4tb25lOg==',
      'token-one',
      `Bearer ${'x'.repeat(5000)}`,
    ]) {
      expect(await send(authorization === '' ? {} : { authorization })).toEqual([401, none]);
    }
    expect(await send({ 'x-scope-orgid': 'acme' })).toEqual([401, none]);
  });

  it('says which scheme it wants', async () => {
    doors = await openDoors({ keys: KEYS });
    const response = await doors.post('/v1/traces', 'x');
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('a key of one tenant sends for it, with or without the header', async () => {
    const acme = { fallback: 'acme', mayName: [] };
    expect(await send(bearer('token-one'))).toEqual([200, acme]);
    expect(await send(bearer('token-one', 'acme'))).toEqual([200, acme]);
    expect(await send({ authorization: 'bearer token-one' })).toEqual([200, acme]);
    expect(await send(bearer('token-one', ''))).toEqual([200, acme]);
  });

  it('no key sends for a tenant that is not its own', async () => {
    expect(await send(bearer('token-one', 'globex'))).toEqual([403, undefined]);
    expect(await send(bearer('token-two', 'initech'))).toEqual([403, undefined]);
  });

  it('a key of several tenants sends for the one that the header picks', async () => {
    expect(await send(bearer('token-two', 'globex'))).toEqual([200, { fallback: 'globex', mayName: [] }]);
    expect(await send(bearer('token-operator', 'anyone'))).toEqual([200, { fallback: 'anyone', mayName: [] }]);
  });

  it('a key of several tenants leaves it to the records where the header picks none', async () => {
    expect(await send(bearer('token-two'))).toEqual([200, { fallback: undefined, mayName: ['acme', 'globex'] }]);
    expect(await send(bearer('token-operator'))).toEqual([200, { fallback: undefined, mayName: '*' }]);
  });

  it('a key for reading does not send', async () => {
    expect(await send(bearer('token-reader'))).toEqual([403, undefined]);
  });
});

describe('without keys', () => {
  it('the header alone names the tenant', async () => {
    expect(await send({}, [])).toEqual([200, { fallback: 'default', mayName: [] }]);
    expect(await send({ 'x-scope-orgid': 'team-a' }, [])).toEqual([200, { fallback: 'team-a', mayName: [] }]);
  });

  it.each(['a|b', 'a b', '../etc', "x'; DROP TABLE y", 'é', '__proto__', '.', 'x'.repeat(129), 'a, b'])(
    '%j is no tenant',
    async (tenant) => {
      // Header values are bytes; what is outside of Latin-1 cannot even be sent.
      expect(await send({ 'x-scope-orgid': tenant }, [])).toEqual([400, undefined]);
    },
  );

  it('only loopback is listened on', async () => {
    await expect(openDoors({ host: '0.0.0.0' })).rejects.toMatchObject({
      name: 'AcceptError',
      code: 'exposed_without_keys',
    });
  });
});
