#!/bin/sh
# Runs an example with the Node of this repository and everything attached. Sets the clone up first, if that was not done.
#
# sh scripts/run-example.sh <example> [arguments]
set -e
root=$(cd "$(dirname "$0")/.." && pwd)
example=${1:-}
if [ ! -f "$root/examples/$example/main.ts" ]; then
  echo "There is no example '$example'. There are:" >&2
  for main in "$root"/examples/*/main.ts; do echo "  $(basename "$(dirname "$main")")" >&2; done
  exit 2
fi
shift
node "$root/scripts/setup.mjs"
# The flag's package is found from where Node is started.
cd "$root/examples"
if [ -z "${OTEL_EXPORTER_OTLP_ENDPOINT:-}${OTEL_TRACES_EXPORTER:-}" ] && ! node "$root/scripts/is-listening.mjs" 4318; then
  echo "Nobody takes telemetry on port 4318, so none is sent; 'npm run -s turnmeter -- up' in another terminal does." >&2
  # The SDK would say the same in its own words.
  export OTEL_TRACES_EXPORTER=none OTEL_METRICS_EXPORTER=none OTEL_LOG_LEVEL=error
fi
exec "$root/node_modules/node/bin/node" --import @turnmeter/instrumentation/register "$example/main.ts" "$@"
