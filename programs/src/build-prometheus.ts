// `npm run prometheus:build`: prints the path of Prometheus, or of the program that is named.

import { type PrometheusProgram, PROMETHEUS_PROGRAMS, prometheusBinary } from './prometheus.ts';

const [name = 'prometheus'] = process.argv.slice(2);
if (PROMETHEUS_PROGRAMS.some((program) => program === name)) {
  process.stdout.write(`${await prometheusBinary(name as PrometheusProgram, { progress })}\n`);
} else {
  process.stderr.write(`usage: npm run prometheus:build -- [${PROMETHEUS_PROGRAMS.join(' | ')}]\n`);
  process.exitCode = 2;
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}
