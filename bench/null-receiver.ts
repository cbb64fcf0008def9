// What the wire alone allows: a server that inflates a body, looks at none of it, and answers 200. Tells its port over its channel.

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';

const INFLATE = { gzip: zlib.gunzipSync, zstd: zlib.zstdDecompressSync, identity: (body: Buffer) => body };

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const encoding = (request.headers['content-encoding'] ?? 'identity') as keyof typeof INFLATE;
    const { length } = INFLATE[encoding](Buffer.concat(chunks));
    response.writeHead(length > 0 ? 200 : 400).end();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
