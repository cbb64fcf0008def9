// Where Turnmeter's own API is, for links that leave Grafana. A constant: what is in the address of a dashboard must not decide where its links
// lead. Change it in the JSON, or with `jq`, for another place.

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { ConstantVariableBuilder, type VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';

const URL = 'http://localhost:8318';

export function turnmeterUrl(): Builder<VariableModel> {
  return new ConstantVariableBuilder('turnmeter_url').label('Turnmeter').value(URL);
}
