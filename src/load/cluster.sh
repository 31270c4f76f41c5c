#!/usr/bin/env bash
# What a cluster costs, on one machine: a prediction that another node makes against one of the node that is asked (wrk, latencies and CPU
# time), the requests that 1, 2 and 3 nodes answer together, the pause when a node is killed, and what nodes take that have nothing to do.
# Usage: src/load/cluster.sh [SECONDS]      (of each round; default 20; needs wrk, curl, Linux, and a build: ./run.sh makes it)
set -euo pipefail
seconds=${1:-20}
home=$(CDPATH='' cd -- "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
declare -A pid
# A killed node is waited for with the others; nobody else's process is touched.
trap 'kill "${pid[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"inputs":[{"name":"features","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}'
LUA
body='{"inputs":[{"name":"features","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}'

start() { # name, roles, port
  AUGUR_DATA_DIRECTORY=$work/$1 AUGUR_HTTP_PORT=$3 AUGUR_CLUSTER_PORT=8260 AUGUR_CLUSTER_NAME=augur-load JAVA_OPTS=${JAVA_OPTS:--Xmx512m} \
    "$home/run.sh" --cluster --roles "$2" >"$work/$1.out" 2>&1 &
  pid[$1]=$!
  ready "$1"
}
ready() {
  for _ in $(seq 600); do
    if grep -q ': ready in' "$work/$1.out"; then return; fi
    kill -0 "${pid[$1]}" 2>/dev/null || break
    sleep 0.2
  done
  cat "$work/$1.out" >&2
  exit 1
}
answers() { # port
  for _ in $(seq 300); do
    if [ "$(status "$1")" = 200 ]; then return; fi
    sleep 0.2
  done
  echo "port $1 does not answer" >&2
  exit 1
}
status() { curl -sS -m 5 -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d "$body" "http://127.0.0.1:$1/v2/models/iris/infer" 2>/dev/null || true; }
cpu() { # ticks of 10 ms, of the nodes named
  local all=0 ticks
  for name in "$@"; do
    ticks=$(awk '{ print $14 + $15 }' "/proc/${pid[$name]}/stat")
    all=$((all + ticks))
  done
  echo "$all"
}
load() { # port, connections, seconds, file
  wrk --latency -t 1 -c "$2" -d "$3" -s "$work/post.lua" "http://127.0.0.1:$1/v2/models/iris/infer" >"$4"
  if grep -q 'Non-2xx' "$4"; then echo "not every answer was 200" >&2; exit 1; fi
}
round() { # what, port, connections, nodes that work
  local before
  before=$(cpu "${@:4}")
  load "$2" "$3" "$seconds" "$work/wrk"
  awk -v what="$1" -v c="$3" -v ticks=$(($(cpu "${@:4}") - before)) '
    $1 == "50%" { p50 = $2 } $1 == "99%" { p99 = $2 } /requests in/ { n = $1 } /Requests\/sec/ { rate = $2 }
    END { printf "%-8s c=%-3d p50 %9s  p99 %9s  %8.0f requests/s  %6.1f us CPU each\n", what, c, p50, p99, rate, ticks * 10000 / n }' "$work/wrk"
}
together() { # ports; what all nodes answer
  local n=0 before
  before=$(cpu "${names[@]:0:$#}")
  local waits=()
  for port in "$@"; do load "$port" 64 "$seconds" "$work/wrk.$((n++))" & waits+=($!); done
  wait "${waits[@]}"
  cat "$work"/wrk.? | awk -v nodes=$# -v ticks=$(($(cpu "${names[@]:0:$#}") - before)) -v s="$seconds" '
    /Requests\/sec/ { rate += $2 } END { printf "%d nodes: %8.0f requests/s with %.2f cores\n", nodes, rate, ticks / 100 / s }'
  rm -f "$work"/wrk.?
}

start one predict,http,log 8271
start front http 8272
answers 8271 && answers 8272
load 8271 64 30 "$work/wrk" && load 8272 64 30 "$work/wrk" # warm: the compiler of the JVM is busy for that long
echo "# a prediction of the node that is asked (local), and of another one (remote)"
for _ in 1 2; do
  for c in 1 64; do
    round local 8271 "$c" one
    round remote 8272 "$c" one front
  done
done

echo "# requests that nodes answer together, 64 connections to each"
start two predict,http 8273
start three predict,http 8274
load 8273 64 10 "$work/wrk" && load 8274 64 10 "$work/wrk" # warm
names=(one two three)
together 8271
together 8271 8273
together 8271 8273 8274

echo "# nothing to do, for 60 s"
before=$(cpu one two three front)
sleep 60
awk -v ticks=$(($(cpu one two three front) - before)) 'BEGIN { printf "4 nodes: %.2f %% of a core each\n", ticks / 60 / 4 }'
for name in one two three front; do awk -v name="$name" '/VmRSS/ { printf "%-6s %d MB resident\n", name, $2 / 1024 }' "/proc/${pid[$name]}/status"; done

echo "# kill -9 of one of three while another node asks them, one request after another"
( for _ in $(seq 600); do
    began=$(date +%s%N)
    printf '%s %s\n' "$(status 8272)" "$((($(date +%s%N) - began) / 1000))"
  done >"$work/failover" ) &
asking=$!
sleep 2
kill -9 "${pid[two]}"
wait "$asking"
awk '{ n[$1]++; if ($2 > most) most = $2 } END { for (s in n) printf "%d answers %s  ", n[s], s; printf "longest %.1f ms\n", most / 1000 }' "$work/failover"
