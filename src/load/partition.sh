#!/usr/bin/env bash
# Two nodes, each in a network of its own, cut off from one another and joined again: what each side answers meanwhile, and how long it takes
# until the one asks the other again.
# Usage: src/load/partition.sh [SECONDS]      (of the cut; default 60; needs root, Linux, ip, curl; takes the names augur-a and augur-b of networks)
set -euo pipefail
cut=${1:-60}
home=$(CDPATH='' cd -- "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
pids=()
clear_up() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  ip netns del augur-a 2>/dev/null || true
  ip netns del augur-b 2>/dev/null || true
  rm -rf "$work"
}
trap clear_up EXIT
for side in a b; do ip netns add "augur-$side" && ip -n "augur-$side" link set lo up; done
ip link add augur-va netns augur-a type veth peer name augur-vb netns augur-b
ip -n augur-a addr add 10.77.7.1/24 dev augur-va && ip -n augur-a link set augur-va up
ip -n augur-b addr add 10.77.7.2/24 dev augur-vb && ip -n augur-b link set augur-vb up

start() { # side, address, roles
  AUGUR_DATA_DIRECTORY=$work/$1 AUGUR_CLUSTER_HOST=$2 AUGUR_CLUSTER_MEMBERS=10.77.7.1,10.77.7.2 JAVA_OPTS=${JAVA_OPTS:--Xmx256m} \
    ip netns exec "augur-$1" "$home/run.sh" --cluster --roles "$3" >"$work/$1.out" 2>&1 &
  pids+=($!)
}
ask() { # side; the status of a prediction, 000 where there is no answer
  ip netns exec "augur-$1" curl -sS -m 3 -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' \
    -d '{"inputs":[{"name":"features","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}' \
    http://127.0.0.1:8000/v2/models/iris/infer 2>/dev/null || true
}
until_ok() { # side, seconds at most
  local end=$((SECONDS + $2))
  until [ "$(ask "$1")" = 200 ]; do
    if [ $SECONDS -ge $end ]; then echo "$1 did not answer 200 within $2 s"; tail -n 20 "$work/$1.out"; exit 1; fi
    sleep 0.2
  done
}
several() { # side, how often; how many of each status
  for _ in $(seq "$2"); do ask "$1"; echo; sleep 0.1; done | sort | uniq -c | tr '\n' ' '
}

start b 10.77.7.2 http,predict,log
until_ok b 90
start a 10.77.7.1 http
until_ok a 90
echo "joined: a answers by b: $(several a 20)"
ip -n augur-a link set augur-va down
began=$SECONDS
echo "cut: a, which has no model: $(several a 10); b: $(several b 10)"
while [ $((SECONDS - began)) -lt "$cut" ]; do sleep 1; done
echo "after $cut s: a: $(several a 5); b: $(several b 10)"
ip -n augur-a link set augur-va up
ip -n augur-a addr replace 10.77.7.1/24 dev augur-va
healed=$(date +%s%N)
until_ok a 60
echo "healed: a answers by b after $((($(date +%s%N) - healed) / 1000000)) ms"
sleep 10
echo "10 s later: a: $(several a 50); b: $(several b 20)"
ip netns exec augur-a curl -sS http://127.0.0.1:8000/cluster | grep -o '"answers":[a-z]*' | sort | uniq -c
