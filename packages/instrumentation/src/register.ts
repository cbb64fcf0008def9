// `node --import @turnmeter/instrumentation/register app.js`: everything there is, without a change of the app.

import { guarded } from './emit/guarded.ts';
import { register } from './setup/register.ts';

guarded('registering', () => register());
