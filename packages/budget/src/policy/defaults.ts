import { OnUnavailable, OnUnpriced } from './policy.ts';

/** Shares of the expected cost of a session at which something is said or done, where no policy says otherwise. */
export const COST_THRESHOLDS: { readonly warning: 0.75; readonly critical: 0.9; readonly stop: 1.5 } = {
  warning: 0.75,
  critical: 0.9,
  stop: 1.5,
};

/** What holds where no policy says otherwise. There is no default amount in US dollars or tokens: nobody but the owner knows one. */
export const POLICY_DEFAULTS: PolicyDefaults = {
  shares: COST_THRESHOLDS,
  degradeAt: 'critical',
  onUnavailable: OnUnavailable.LAST_KNOWN,
  onUnpriced: OnUnpriced.DEAREST,
};

interface PolicyDefaults {
  readonly shares: typeof COST_THRESHOLDS;
  readonly degradeAt: 'warning' | 'critical';
  readonly onUnavailable: OnUnavailable;
  readonly onUnpriced: OnUnpriced;
}
