#!/usr/bin/env bash
# What open pages of the console cost the predictions: wrk with 64 connections on the model iris, rounds of 10 s with and without 50 streams
# of events in turn, and the CPU time of the server for each request.
# Usage: src/load/pages.sh PID [URL]      (of a warm server; default URL: http://127.0.0.1:8000; needs wrk, curl, Linux)
set -euo pipefail
pid=${1:?the process of the server}
url=${2:-http://127.0.0.1:8000}
pages=50
rounds=4
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"inputs":[{"name":"features","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}'
LUA

cpu() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; } # ticks of 10 ms
load() { # seconds
  wrk -t 1 -c 64 -d "$1" -s "$work/post.lua" "$url/v2/models/iris/infer" >"$work/wrk"
  if grep -q 'Non-2xx' "$work/wrk"; then echo "not every answer was 200" >&2; exit 1; fi
}
round() { # name
  before=$(cpu)
  load 10
  awk -v name="$1" -v ticks=$(($(cpu) - before)) '/requests in/ { n = $1 } /Requests\/sec/ { rate = $2 }
    END { printf "%-14s %9.0f requests/s  %6.1f us CPU each\n", name, rate, ticks * 10000 / n }' "$work/wrk" | tee -a "$work/rounds"
}

load 10
for _ in $(seq "$rounds"); do
  round 'no page'
  streams=()
  for _ in $(seq "$pages"); do
    curl -sSN -o /dev/null "$url/console/stream" &
    streams+=($!)
  done
  sleep 1
  round "$pages pages"
  kill "${streams[@]}"
  wait "${streams[@]}" 2>/dev/null || true
done
awk '{ page = $1 != "no"; rate[page] += $3; cpu[page] += $5 }
  END { printf "with pages: %.3f of the requests, %.3f of the CPU time\n", rate[1] / rate[0], cpu[1] / cpu[0] }' "$work/rounds"
