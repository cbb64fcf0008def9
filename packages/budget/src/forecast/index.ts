export { type ForecastErrors, naive, seasonalNaive, seasonalScale } from './errors.ts';
export {
  type Backtest,
  type Forecast,
  forecastUse,
  useForecasting,
  ForecastConfidence,
  type ForecastOptions,
  type Interval,
  type NoForecast,
} from './forecast-use.ts';
export {
  forecastRunOut,
  runOutForecasting,
  type RunOut,
  type RunOutOptions,
  type RunOutQuestion,
  type RunOutSteps,
} from './run-out.ts';
export { type SeededRandom, seededRandom } from './seeded-random.ts';
export type { Steps } from '../steps.ts';
export { UseKind } from './use-model.ts';
export { type KnownUse, type UseSeries, useSeries } from './use-series.ts';
