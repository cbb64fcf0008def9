// Writes the rules that are made of the table of windows: `npm run prometheus:rules`.

import { writeFileSync } from 'node:fs';
import { alertingRules, recordingRules, slowRules } from './burn-rules.ts';

const RULES = new URL('../rules/', import.meta.url);

writeFileSync(new URL('burn-rates.yaml', RULES), recordingRules());
writeFileSync(new URL('burn-alerts.yaml', RULES), alertingRules());
writeFileSync(new URL('burn-slow.yaml', RULES), slowRules());
writeFileSync(new URL('burn-slow.yaml', RULES), slowRules());
