// `npm run collector:build`: prints the path of the binary.

import { collectorBinary } from './collector-binary.ts';

const binary = await collectorBinary({ progress: (line) => process.stderr.write(`${line}\n`) });
process.stdout.write(`${binary}\n`);
