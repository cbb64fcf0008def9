import { describe, expect, it } from 'vitest';
import { checkTargetUrl, pinnedLookup, type ResolvedAddress } from '../../src/alert/target.ts';

const STRICT = { allowPrivate: false };

/** What a rule with this address meets: the code of the refusal, or the addresses that are connected to. */
async function meet(text: string, resolved: readonly string[] = []): Promise<string | readonly string[]> {
  const resolve = async (): Promise<readonly ResolvedAddress[]> =>
    resolved.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  try {
    const lookup = await pinnedLookup(checkTargetUrl(text, STRICT), { ...STRICT, resolve });
    return await new Promise((done) => {
      lookup('whatever', { all: true }, (_error, addresses) =>
        done((addresses as unknown as readonly ResolvedAddress[]).map(({ address }) => address)),
      );
    });
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('addresses of webhooks', () => {
  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0177.0.0.1/',
    'https://0x7f.0.0.1/',
    'https://2130706433/',
    'https://017700000001/',
    'https://１２７.0.0.1/',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.100.100.200/',
    'https://168.63.129.16/',
    'https://192.0.0.192/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:0:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
  ])('%s is refused, however it is written', async (text) => {
    expect(await meet(text)).toBe('private_target');
  });

  it('names are refused for what they lead to, also where only one of several addresses is private', async () => {
    expect(await meet('https://localtest.example/', ['127.0.0.1'])).toBe('private_target');
    expect(await meet('https://localtest.example/', ['93.184.216.34', '10.0.0.1'])).toBe('private_target');
    expect(await meet('https://localtest.example/', ['::ffff:10.0.0.1'])).toBe('private_target');
    expect(await meet('https://localtest.example/', ['fe80::1%eth0'])).toBe('private_target');
    expect(await meet('https://localtest.example/', [])).toBe('host_unknown');
  });

  it('the system looks localhost up, and it is refused', async () => {
    await expect(pinnedLookup(new URL('https://localhost/'), STRICT)).rejects.toMatchObject({ code: 'private_target' });
  });

  it('public ones are connected to at the addresses that were looked at, whatever the name leads to then', async () => {
    const addresses = ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'];
    expect(await meet('https://hooks.example/', addresses)).toEqual(addresses);
    expect(await meet('https://8.8.8.8/')).toEqual(['8.8.8.8']);
    expect(await meet('https://[2606:4700:4700::1111]/')).toEqual(['2606:4700:4700::1111']);
  });

  it.each([
    ['http://hooks.example/', 'https_required'],
    ['https://user:password@hooks.example/', 'credentials_in_url'],
    ['ftp://hooks.example/', 'url_invalid'],
    ['file:///etc/passwd', 'url_invalid'],
    ['hooks.example', 'url_invalid'],
    ['', 'url_invalid'],
    [`https://hooks.example/${'x'.repeat(3000)}`, 'url_invalid'],
  ])('%s is refused: %s', async (text, code) => {
    expect(await meet(text, ['93.184.216.34'])).toBe(code);
  });

  it('may be private and without TLS where the operator allows it', () => {
    expect(checkTargetUrl('http://127.0.0.1:9000/hook', { allowPrivate: true }).port).toBe('9000');
  });
});
