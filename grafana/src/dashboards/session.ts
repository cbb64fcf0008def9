// Session: is it normal, what made it dear or slow, and what happened in it? Asks ClickHouse only, so tenants can have it.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from '../dashboard.ts';
import { Uid } from '../link.ts';
import { clickhouseSource } from '../variable/data-sources.ts';
import { session } from '../variable/session.ts';
import { tenant } from '../variable/tenant.ts';
import { turnmeterUrl } from '../variable/turnmeter-url.ts';
import { calls } from './session/calls.ts';
import { course } from './session/course.ts';
import { headline } from './session/headline.ts';
import { shares } from './session/shares.ts';

export const sessionDashboard: Dashboard = dashboard({
  uid: Uid.SESSION,
  title: 'Session',
  description: 'Is it normal, what made it dear or slow, and what happened in it?',
  isForOperators: false,
  // Links bring the range of the session.
  from: 'now-1h',
  refresh: '10s',
  variables: [clickhouseSource(), tenant(), session(), turnmeterUrl()],
  rows: [headline(), course(), shares(), calls()],
});
