// Continue CLI: one cumulative metric, without session and without instance. Cached tokens are part of its input.

import { ATTR_CLAUDE_CODE_TYPE, METRIC_CONTINUE_CLI_TOKEN_USAGE } from '@turnmeter/semconv';
import type { Profile } from '../observe/profile.ts';
import { readTokenPoint } from '../observe/token-point.ts';
import { isMetric, partOfType } from '../vocabulary/metric-words.ts';
import { Rank } from './coding-agents.ts';

export const continueCli: Profile = {
  name: 'continue-cli',
  title: 'Continue CLI',
  marks: [],
  signals: ['metric'],
  claims: (record) => record.signal === 'metric' && isMetric(record.metric, METRIC_CONTINUE_CLI_TOKEN_USAGE),
  read(record, draft) {
    const part = partOfType(record.attributes.string(ATTR_CLAUDE_CODE_TYPE) ?? '');
    if (record.signal !== 'metric' || part === undefined) return;
    readTokenPoint(record, draft, { part, authority: { family: 'continue-cli', rank: Rank.METRIC } });
  },
};
