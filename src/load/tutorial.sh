#!/usr/bin/env bash
# Ten requests at once on each of the tutorial's routes, one route after another, while /health/live is asked again and again.
# Usage: src/load/tutorial.sh [URL]      (a server with its default delays; default URL: http://127.0.0.1:8000)
set -euo pipefail
url=${1:-http://127.0.0.1:8000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ask() { # route
  for item in 1 2 3 4 5 6 7 8 9 10; do
    curl -sS -o /dev/null -w '%{http_code} %{time_total}\n' -H 'Content-Type: application/json' \
      -d "{\"item_id\": $item, \"feature_value\": 21.0}" "$url/$1" &
  done
  wait
}

printf '%-26s %8s %12s %12s\n' route 'total s' 'health p50' 'health max'
for route in predict_sync predict_async_io predict_full_async predict_with_background; do
  ask "$route" >"$work/answers" &
  asking=$!
  : >"$work/health"
  while kill -0 "$asking" 2>/dev/null; do
    curl -sS -o /dev/null -w '%{time_total}\n' "$url/health/live" >>"$work/health"
  done
  wait "$asking"
  if grep -qv '^200 ' "$work/answers"; then echo "$route: not every answer was 200" >&2; exit 1; fi
  total=$(sort -k2 -n "$work/answers" | tail -n 1 | cut -d' ' -f2)
  sort -n "$work/health" | awk -v route="/$route" -v total="$total" '{ all[NR] = $1 * 1000 }
    END { printf "%-26s %8.2f %9.1f ms %9.1f ms\n", route, total, all[int((NR + 1) / 2)], all[NR] }'
done
