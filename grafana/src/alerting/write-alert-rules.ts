// Writes provisioning/alerting: `npm run grafana:alerts`. With `-- --active` the rules of Prometheus are on in Grafana, for those who have no Alertmanager.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { alertFiles } from './alert-files.ts';

const FOLDER = path.join(import.meta.dirname, '../../provisioning/alerting');

const files = alertFiles({ isPaused: !process.argv.includes('--active') });
for (const [file, text] of Object.entries(files)) writeFileSync(path.join(FOLDER, file), text);
