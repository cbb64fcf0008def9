import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allDashboards } from '../src/all-dashboards.ts';
import { dashboardJson } from '../src/dashboard-json.ts';

const FOLDER = path.join(import.meta.dirname, '../dashboards');

describe('the dashboards that Grafana reads', () => {
  it('are those that are written in TypeScript, each in its file', () => {
    expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(allDashboards).toSorted());
  });

  it.each(Object.entries(allDashboards))('has %s as it is written', (file, dashboard) => {
    const written = readFileSync(path.join(FOLDER, file), 'utf8');
    expect(written, 'run `npm run grafana:dashboards`').toBe(dashboardJson(dashboard));
  });

  it('have an address each', () => {
    const uids = Object.values(allDashboards).map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
  });
});
