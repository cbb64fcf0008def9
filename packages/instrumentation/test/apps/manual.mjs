// An app with a span and a metric of its own, and no SDK.
import { metrics, trace } from '@opentelemetry/api';

const [ending] = process.argv.slice(2);
metrics.getMeter('app').createCounter('orders').add(1);
trace.getTracer('app').startSpan('own work').end();
console.log('worked');
if (ending === 'exit') process.exit(3);
if (ending === 'throw') throw new Error('boom');
if (ending === 'wait') setInterval(() => undefined, 1000);
