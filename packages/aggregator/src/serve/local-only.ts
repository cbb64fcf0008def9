import type { IncomingHttpHeaders } from 'node:http';
import { Problem, shown } from './problem.ts';

/** `127.0.0.1:8318`, `[::1]:8318`, `localhost` */
const LOCAL_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Without keys whoever reaches the port may read, and a page in a browser on the same machine reaches it too. Such a page cannot choose
 * the headers `Host`, `Origin` and `Sec-Fetch-Site`: a name of its own that resolves to loopback, and a page from elsewhere, are told
 * apart by them. Programs send the first alone.
 *
 * @throws Problem 403
 */
export function refuseForeignPages({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): void {
  if (host !== undefined && !LOCAL_HOST.test(host)) {
    throw new Problem({
      status: 403,
      code: 'host_not_allowed',
      detail: `Without keys only this machine may ask: expected the host localhost or 127.0.0.1, received ${shown(host)}.`,
    });
  }
  // Pages load images and scripts from anywhere without an origin. They see nothing of them, and would keep the database busy.
  if (site === 'cross-site') {
    throw new Problem({
      status: 403,
      code: 'origin_not_allowed',
      detail: 'Without keys only pages of this machine may ask.',
    });
  }
  if (origin !== undefined && !LOCAL_HOST.test(origin.replace(/^https?:\/\//i, ''))) {
    throw new Problem({
      status: 403,
      code: 'origin_not_allowed',
      detail: `Without keys only pages of this machine may ask, received one of ${shown(origin)}.`,
    });
  }
}
