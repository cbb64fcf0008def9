// Ends with 0 if somebody listens on a port of this machine.
//
// node scripts/is-listening.mjs <port>
import { connect } from 'node:net';

const socket = connect({ host: '127.0.0.1', port: Number(process.argv[2]), timeout: 1000 });
socket.once('connect', () => socket.destroy());
for (const failure of ['error', 'timeout']) {
  socket.once(failure, () => {
    process.exitCode = 1;
    socket.destroy();
  });
}
