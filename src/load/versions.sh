#!/usr/bin/env bash
# Nodes of this build beside nodes of another one in one cluster, both ways round: requests over HTTP and over the event bus, records that go to
# the log of the other build, what both say of them, and two nodes of the other build that become nodes of this one under load. What one build
# refuses to do with the other is told; where something is silently wrong it says WRONG, and ends with 1.
# Usage: src/load/versions.sh OTHER      (the folder of another commit, with a build; needs curl, jq, Linux, and a build here: ./run.sh makes it)
set -euo pipefail
other=$(CDPATH='' cd -- "${1:?the folder of another build}" && pwd)
home=$(CDPATH='' cd -- "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
declare -A pid
faults=0
trap 'kill "${pid[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
row='{"inputs":[{"name":"features","shape":[1,4],"datatype":"FP32","data":[5.1,3.5,1.4,0.2]}]}'
wine='{"item_id":43}'

start() { # name, build, roles, port; its bridge of the event bus is at the port 10 above
  : >"$work/$1.out"
  AUGUR_DATA_DIRECTORY=$work/$1 AUGUR_HTTP_PORT=$4 AUGUR_CLUSTER_PORT=8260 AUGUR_CLUSTER_NAME=augur-versions \
    AUGUR_EVENT_BUS_TCP_ENABLED=true AUGUR_EVENT_BUS_TCP_PORT=$(($4 + 10)) JAVA_OPTS=${JAVA_OPTS:--Xmx256m} \
    "$2/run.sh" --cluster --roles "$3" >"$work/$1.out" 2>&1 &
  pid[$1]=$!
  for _ in $(seq 600); do
    if grep -q ': ready in' "$work/$1.out"; then return; fi
    kill -0 "${pid[$1]}" 2>/dev/null || break
    sleep 0.2
  done
  cat "$work/$1.out" >&2
  exit 1
}
stop() { # names
  for name in "$@"; do
    kill "${pid[$name]}"
    wait "${pid[$name]}" || true
    unset "pid[$name]"
  done
}
fault() {
  echo "  WRONG: $*"
  faults=$((faults + 1))
}
counts() { sort | uniq -c | sed 's/^ */  /'; }
ask() { # path with its port, then what curl is told; the status, and the body in the file said
  : >"$work/said"
  curl -sS -m 10 -o "$work/said" -w '%{http_code}' -H 'Content-Type: application/json' "${@:2}" "http://127.0.0.1:$1" 2>/dev/null || true
}
bus() { # port of a bridge, address; the label of the answer, or why there is none
  local frame length text
  frame="{\"type\":\"send\",\"address\":\"$2\",\"replyAddress\":\"r\",\"headers\":{},\"body\":$wine}"
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf "$(printf '%08x' ${#frame} | sed 's/../\\x&/g')%s" "$frame" >&3
  length=$((16#$(head -c 4 <&3 | od -An -tx1 | tr -d ' \n')))
  text=$(head -c "$length" <&3)
  exec 3>&-
  jq -r '.body.label // .message // .' <<<"$text"
}
seen() { # ports; whom each knows
  for port in "$@"; do
    ask "$port/cluster" >/dev/null
    echo "  port $port: $(jq -r '[.nodes[] | "\(.roles | join(",")): answers \(.answers)"] | join("; ")' "$work/said")"
  done
}

beside() { # name and build of the node that has models and a log, name and build of the others
  echo "# store is $1 (http,predict,log: 8271); front (http,predict: 8272) and edge (http,log: 8273) are $3"
  start store "$2" http,predict,log 8271
  start front "$4" http,predict 8272
  start edge "$4" http,log 8273
  sleep 5
  seen 8271 8272 8273
  echo "40 requests to edge, which has no model; status and node:"
  for _ in $(seq 40); do
    ask 8273/v2/models/iris/infer -d "$row" -w '%{http_code} %header{X-Augur-Node}\n'
    jq -c '.outputs // empty' "$work/said" >>"$work/outputs"
  done | counts
  [ "$(sort -u "$work/outputs" | wc -l)" = 1 ] || fault "answers differ: $(sort -u "$work/outputs")"
  echo "20 requests over the event bus:"
  for i in $(seq 20); do bus $((8281 + i % 2)) augur.pipelines.wine; done | counts
  echo "20 requests to front, whose records go to a log of the others:"
  for _ in $(seq 20); do
    ask 8272/predict/wine -d "$wine" -w '%{http_code}\n'
    jq -r '.record_id // empty' "$work/said" >>"$work/ids"
  done | counts
  sleep 3
  stored
  told
  stop edge front store
  rm -rf "$work"/*
}
stored() { # each record stands once in one of the logs, as it should
  local id line
  while read -r id; do
    line=$(cat "$work"/*/predictions/writer-*/*.ndjson | grep -F "\"record_id\":\"$id\"" || true)
    [ "$(grep -c . <<<"$line")" = 1 ] || fault "record $id stands $(grep -c . <<<"$line") times"
    jq -e '.status == "OK" and .item_id == 43 and .outputs and .inputs' <<<"$line" >/dev/null || fault "record: $line"
  done <"$work/ids"
  echo "  $(wc -l <"$work/ids") are stored: $(for name in store edge; do echo "$(cat "$work/$name"/predictions/writer-*/*.ndjson | grep -cFf "$work/ids") by $name"; done | paste -sd ' ')"
}
told() { # each node tells of each record what stands in the log, or that it does not have all
  local port id line status away missing refusal
  for port in 8271 8272 8273; do
    away=0
    status=$(ask "$port/predictions?limit=1000&endpoint=/predict/wine")
    missing=$(jq -c '[.missing // [] | .[].reason]' "$work/said")
    echo "  port $port lists: $status, $(jq '.records // [] | length' "$work/said") records, missing $missing"
    if [ "$status" = 200 ] && [ "$missing" = '[]' ]; then
      [ "$(jq -r '.records[].record_id' "$work/said" | grep -cFf "$work/ids")" = "$(wc -l <"$work/ids")" ] || fault "not all are listed, and none is missing"
    fi
    while read -r id; do
      line=$(cat "$work"/*/predictions/writer-*/*.ndjson | grep -F "\"record_id\":\"$id\"" || true)
      case $(ask "$port/predictions/$id") in
        200) jq -e --argjson line "$line" 'del(.outcomes) == $line' "$work/said" >/dev/null || fault "port $port says of $id: $(head -c 300 "$work/said")" ;;
        503) away=$((away + 1)) && refusal=$(jq -r '.detail // .error' "$work/said") ;;
        *) fault "port $port says of $id: $(head -c 300 "$work/said")" ;;
      esac
    done <"$work/ids"
    [ "$away" = 0 ] || echo "  port $port cannot tell of $away of them: $refusal"
  done
}

rolling() { # name and build before, name and build afterwards
  echo "# two nodes of $1 become nodes of $3, one after the other, while one of $1 that has nothing is asked"
  start one "$2" http,predict,log 8271
  start two "$2" http,predict,log 8272
  start edge "$2" http 8273
  sleep 5
  touch "$work/on" "$work/ids"
  while [ -e "$work/on" ]; do
    ask 8273/predict/wine -d "$wine" -w '%{http_code}\n'
    jq -r '.record_id // empty' "$work/said" >>"$work/ids"
  done >"$work/statuses" &
  local asking=$!
  sleep 2
  stop one && start one "$4" http,predict,log 8271 && sleep 5
  stop two && start two "$4" http,predict,log 8272 && sleep 5
  rm "$work/on"
  wait "$asking"
  sleep 3
  counts <"$work/statuses"
  cat "$work"/{one,two}/predictions/writer-*/*.ndjson | jq -r .record_id | sort >"$work/stored"
  local lost
  lost=$(sort -u "$work/ids" | comm -23 - <(sort -u "$work/stored") | wc -l)
  [ "$lost" = 0 ] || fault "$lost answered records are in no log"
  echo "  $(wc -l <"$work/ids") answered, $(uniq -d "$work/stored" | wc -l) records in both logs"
  stop edge one two
  rm -rf "$work"/*
}

beside other "$other" this "$home"
beside this "$home" other "$other"
rolling other "$other" this "$home"
echo "faults: $faults"
[ "$faults" = 0 ]
