// The made-up tenants' workflows, each with a habit of its own.

import type { WorkflowHabit } from './habits.ts';
import { ACME } from './workflows/acme.ts';
import { GLOBEX } from './workflows/globex.ts';
import { INITECH } from './workflows/initech.ts';
import { UMBRELLA } from './workflows/umbrella.ts';

export const WORKFLOWS: readonly WorkflowHabit[] = [...ACME, ...GLOBEX, ...INITECH, ...UMBRELLA];

export const TENANTS: readonly string[] = [...new Set(WORKFLOWS.map(({ tenant }) => tenant))];
