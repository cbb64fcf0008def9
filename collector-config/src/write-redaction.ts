// Writes redaction.yaml anew: `npm run collector:redaction`. A test fails where it is out of date.

import { writeFileSync } from 'node:fs';
import { redactionText } from './redaction-text.ts';

writeFileSync(new URL('../redaction.yaml', import.meta.url), redactionText());
