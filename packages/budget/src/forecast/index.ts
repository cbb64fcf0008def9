export { type ForecastErrors, naive, seasonalNaive, seasonalScale } from './errors.ts';
export {
  type Backtest,
  type Forecast,
  forecastUse,
  ForecastConfidence,
  type ForecastOptions,
  type Interval,
  type NoForecast,
} from './forecast-use.ts';
export { forecastRunOut, type RunOut, type RunOutOptions, type RunOutQuestion, type RunOutSteps } from './run-out.ts';
export { type SeededRandom, seededRandom } from './seeded-random.ts';
export { UseKind } from './use-model.ts';
export { type KnownUse, type UseSeries, useSeries } from './use-series.ts';
