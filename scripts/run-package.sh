#!/bin/sh
# Runs a package's command with the Node of this repository, in the directory from which npm was called: relative paths on the
# command line are meant from there. Sets the clone up first, if that was not done. `exec`, so that signals reach the command itself.
#
# sh scripts/run-package.sh <package> [arguments]
set -e
root=$(cd "$(dirname "$0")/.." && pwd)
package=$1
shift
node "$root/scripts/setup.mjs"
cd "${INIT_CWD:-.}"
# Young objects get 8 MiB: with 16, the default, the service takes 100 MiB more under load and is no faster.
exec "$root/node_modules/node/bin/node" --max-semi-space-size=8 "$root/packages/$package/src/main.ts" "$@"
