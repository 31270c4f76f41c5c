#!/usr/bin/env bash
# ./run.sh [flags]    builds what is missing and serves (./run.sh --help names the flags)
# ./run.sh verify-log checks every line of the prediction log
# ./run.sh replay     sends recorded inputs to a model version and prints what differs
# ./run.sh test       runs everything CI runs
# ./run.sh bench      measures the whole server (./run.sh bench --help); ./run.sh bench jmh [regular expression] its parts
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() { echo "run.sh: $*" >&2; exit 1; }
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "no Java found: install a JDK, version 17 or newer, or set JAVA_HOME"

mvn() {
  if command -v mvn >/dev/null; then
    (cd "$home" && command mvn -B "$@")
  else
    (cd "$home" && bash .mvn/fetch-maven -B "$@")
  fi
}

if [ "${1:-}" = test ]; then
  shift
  mvn verify "$@"
  mvn -q -Pbench test-compile
  exit
fi

jar=$home/target/augur.jar
if [ ! -f "$jar" ] || [ -n "$(find "$home/pom.xml" "$home/src/main" -newer "$jar" -print -quit)" ]; then
  echo "building" >&2
  mvn -q package -DskipTests -Dspotless.goal=check >&2 || fail "the build failed"
fi

cd "$home"
export ORT_DISABLE_TELEMETRY="${ORT_DISABLE_TELEMETRY:-1}" # which ONNX Runtime 1.29 has on by default
flags=(--enable-native-access=ALL-UNNAMED -Djava.net.preferIPv4Stack=true -Dio.netty.allocator.type=pooled -Dio.netty.jfr.enabled=false
  --add-modules java.se --add-exports java.base/jdk.internal.ref=ALL-UNNAMED
  --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED
  --add-opens java.management/sun.management=ALL-UNNAMED
  --add-opens jdk.management/com.sun.management.internal=ALL-UNNAMED)

if [ "${1:-}" = bench ]; then
  shift
  mvn -q -Pbench package >&2 || fail "the build failed"
  program=dev.augur.load.Bench
  [ "${1:-}" != jmh ] || { shift; program=org.openjdk.jmh.Main; }
  # shellcheck disable=SC2086
  exec "$java" "${flags[@]}" ${JAVA_OPTS:-} -cp "target/jmh-classes:$jar:target/jmh-lib/*" "$program" "$@"
fi

# An archive of the classes halves the start; a JVM that cannot use it starts without.
archive=$home/target/augur.jsa
if [ ! -f "$archive" ] || [ "$jar" -nt "$archive" ]; then
  "$java" "${flags[@]}" -Xlog:disable -XX:ArchiveClassesAtExit="$archive.$$" -jar "$jar" --rehearse >&2 &&
    mv -f "$archive.$$" "$archive" || rm -f "$archive.$$"
fi

# shellcheck disable=SC2086  # JAVA_OPTS are several words
exec "$java" "${flags[@]}" -Xlog:cds=off -Xlog:cds+dynamic=off -XX:SharedArchiveFile="$archive" ${JAVA_OPTS:-} -jar "$jar" "$@"
