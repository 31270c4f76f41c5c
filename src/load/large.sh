#!/usr/bin/env bash
# What small requests wait beside one of 64 MB, when another node makes both predictions: their p99 without it, while such requests go on one
# after another, and without it again. Small ones go by few connections, at a rate that leaves the machine room, so that they wait for the
# large one and not for each other.
# Usage: src/load/large.sh [SECONDS [CONNECTIONS [PAUSE]]]      (of each round, default 20; of the small ones, default 4; milliseconds between
# two requests of a connection, default 10; needs wrk, curl, Linux, 3 GB of memory, and a build: ./run.sh makes it)
# Exit code 1: a request failed, or the p99 beside large ones was more than three times that without them.
set -euo pipefail
seconds=${1:-20}
connections=${2:-4}
pause=${3:-10}
home=$(CDPATH='' cd -- "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
declare -A pid
trap 'rm -f "$work/on"; kill "${pid[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
iris=http://127.0.0.1:8276/v2/models/iris/infer
rows=4000000
head="{\"inputs\":[{\"name\":\"features\",\"shape\":[$rows,4],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":$((rows * 16))}}],\"parameters\":{\"binary_data_output\":true}}"
{ printf '%s' "$head" && head -c $((rows * 16)) /dev/zero; } >"$work/large"
cat >"$work/small.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"inputs":[{"name":"features","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}'
function delay() return $pause end
LUA

start() { # name, roles, port
  : >"$work/$1.out"
  AUGUR_DATA_DIRECTORY=$work/$1 AUGUR_HTTP_PORT=$3 AUGUR_CLUSTER_PORT=8260 AUGUR_CLUSTER_NAME=augur-large AUGUR_MODELS_MAX_ROWS=$rows \
    JAVA_OPTS=${JAVA_OPTS:--Xmx1g} "$home/run.sh" --cluster --roles "$2" >"$work/$1.out" 2>&1 &
  pid[$1]=$!
  for _ in $(seq 600); do
    if grep -q ': ready in' "$work/$1.out"; then return; fi
    kill -0 "${pid[$1]}" 2>/dev/null || break
    sleep 0.2
  done
  cat "$work/$1.out" >&2
  exit 1
}
large() { # the status of one; none where the client could not ask
  curl -sS -m 60 -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/octet-stream' \
    -H "Inference-Header-Content-Length: ${#head}" --data-binary "@$work/large" "$iris" || true
}
small() { # what; p50 and p99 of a round, and its failures
  wrk --latency -t 1 -c "$connections" -d "$seconds" -s "$work/small.lua" "$iris" >"$work/wrk"
  awk -v what="$1" -v file="$work/p99" '
    function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
    $1 == "50%" { p50 = ms($2) } $1 == "99%" { p99 = ms($2) } /requests in/ { n = $1 } /Non-2xx/ { failed = $NF } /Socket errors/ { failed = $0 }
    END { printf "%-8s %6d requests  p50 %7.2f ms  p99 %7.2f ms  failed: %s\n", what, n, p50, p99, failed ? failed : 0; print p99 >>file; if (failed) print what, failed >>(file ".failed") }' "$work/wrk"
}
beside() { # what; small ones while large ones go on
  touch "$work/on"
  while [ -e "$work/on" ]; do large; done >"$work/statuses" &
  pid[load]=$!
  small "$1"
  rm "$work/on"
  wait "${pid[load]}"
  unset 'pid[load]'
}

start worker predict,log 8275
start front http 8276
for _ in $(seq 100); do
  if [ "$(curl -sS -m 5 -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d '{"inputs":[{"name":"features","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}' "$iris" || true)" = 200 ]; then break; fi
  sleep 0.2
done
# What the compilers of the JVMs take is not to be in the numbers.
small warm >/dev/null
beside warm >/dev/null
beside warm >/dev/null
rm -f "$work/p99" "$work/p99.failed"
small alone
beside beside
small alone
grep -v '^200$' "$work/statuses" >>"$work/p99.failed" || true
echo "large ones by status: $(sort "$work/statuses" | uniq -c | awk '{ printf "%s of %s  ", $1, $2 }')"
echo "times that a loop of events was held for more than 100 ms: $(cat "$work"/*.out | grep -c 'has been blocked' || true)"
[ ! -s "$work/p99.failed" ] || { echo "requests failed: $(sort "$work/p99.failed" | uniq -c)" >&2; exit 1; }
awk '{ p99[NR] = $1 } END { alone = p99[1] > p99[3] ? p99[1] : p99[3]; printf "p99 beside: %.1f times that alone\n", p99[2] / alone; exit p99[2] > 3 * alone }' "$work/p99"
