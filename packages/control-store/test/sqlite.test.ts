import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { openControlStore } from '../src/index.ts';
import { describeAlerts } from './suite/describe-alerts.ts';
import { describeBalanceProperties } from './suite/balance-properties.ts';
import { describeBalances } from './suite/describe-balances.ts';
import { describeLeases } from './suite/describe-leases.ts';
import { describePolicies } from './suite/describe-policies.ts';
import { describeStops } from './suite/describe-stops.ts';
import { describeLeaseProperties } from './suite/lease-properties.ts';

describe('a control store in an SQLite file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'turnmeter-control-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const stores = { open: () => openControlStore({ file: path.join(folder, 'control.sqlite') }) };
  describePolicies(stores);
  describeStops(stores);
  describeAlerts(stores);
  describeLeases(stores);
  describeLeaseProperties(stores, 300);
  describeBalances(stores);
  describeBalanceProperties(stores, 150);
});
