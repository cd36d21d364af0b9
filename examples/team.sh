#!/bin/sh
# A plan kept in a repository: planned, worked on, exported, read back elsewhere.
set -eu
stellwerk plan "Launch a SaaS product" --people "Mira, Tom" -q
stellwerk choose d1 a
printf 'assign r1.1.1 Mira\nassign r1.1.2 Tom\nstart r1.1.1\n' | stellwerk batch -
stellwerk done r1.1.1 --hours 6
stellwerk export --into plan
stellwerk --db elsewhere.db import plan
stellwerk --db elsewhere.db next
