#!/bin/sh
# The stack, with the Node of this repository. `exec`, so that signals reach it.
root=$(cd "$(dirname "$0")/.." && pwd)
node "$root/scripts/setup.mjs" || exit
exec "$root/node_modules/node/bin/node" "$root/stack/src/main.ts" "$@"
