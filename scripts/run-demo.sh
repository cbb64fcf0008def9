#!/bin/sh
# The demo, with an app beside the recordings whose chats happen now.
root=$(cd "$(dirname "$0")/.." && pwd)
exec sh "$root/scripts/run-package.sh" aggregator demo --app "$root/examples/live-chats/main.ts" "$@"
