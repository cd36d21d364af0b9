#!/bin/sh
# What to do next, in a pipeline: the ref of the most urgent work package.
set -eu
stellwerk plan "Learn to juggle" --quiet >/dev/null
stellwerk next --count 1 --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["next"][0]["ref"])'
