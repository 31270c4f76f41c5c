#!/usr/bin/env bash
# ./run.sh [flags]    builds what is missing and serves (./run.sh --help names the flags)
# ./run.sh check      names every problem of the configuration and the models, serves nothing
# ./run.sh --dev      serves, and what changes in the configuration and the models at once
# ./run.sh diagnose   puts what a question about a running server needs into one file, without secrets
# ./run.sh verify-log checks every line of the prediction log
# ./run.sh key        makes, lists and revokes the keys of clients
# ./run.sh replay     sends recorded inputs to a model version and prints what differs
# ./run.sh test       runs everything CI runs
# ./run.sh package    builds what is handed out: target/augur-<version>.tar.gz
# ./run.sh bench      measures the whole server beside others (./run.sh bench --help); ./run.sh bench jmh [regular expression] its parts
# AUGUR_LOG_FORMAT: text or json; a terminal gets text, everything else json. JAVA_OPTS: further flags of the JVM. TMPDIR: where temporary files go.
set -euo pipefail
script=${BASH_SOURCE[0]}
while [ -L "$script" ]; do # it may be called by a link in a folder of programs
  link=$(readlink "$script")
  case $link in /*) script=$link ;; *) script=$(dirname "$script")/$link ;; esac
done
home=$(CDPATH='' cd -- "$(dirname "$script")" && pwd)

fail() { echo "run.sh: $*" >&2; exit 1; }
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "no Java found: install a JDK, version 17 or newer, or set JAVA_HOME"

# A JVM reads file names in the encoding of the locale, so one without UTF-8 would not find those with other letters.
is_utf8() { [ "$(LC_ALL=${1:-${LC_ALL:-}} locale charmap 2>/dev/null)" = UTF-8 ]; }
if ! is_utf8; then
  for locale in C.UTF-8 C.utf8 en_US.UTF-8; do
    if is_utf8 "$locale"; then export LC_ALL=$locale && break; fi
  done
fi

mvn() ( # a jar keeps the permissions of its files, so they are the same whoever builds
  umask 022
  if type -P mvn >/dev/null; then
    cd "$home" && command mvn -B "$@"
  else
    cd "$home" && bash .mvn/fetch-maven -B "$@"
  fi
)

case ${1:-} in test | package | bench)
  [ -d "$home/src/main" ] || fail "$1 needs the sources, and this is an installation"
esac

if [ "${1:-}" = test ]; then
  shift
  mvn verify "$@"
  mvn -q -Pbench test-compile
  exit
fi
if [ "${1:-}" = package ]; then
  shift
  mvn -q package -Pdistribution -DskipTests "$@" && ls "$home"/target/augur-*.tar.gz
  exit
fi

jar=$home/augur.jar # of an installation, which is never built
[ -f "$jar" ] || jar=$home/target/augur.jar
lenient=(-Dspotless.check.skip=true -Dcompiler.warnings=-nowarn) # format and warnings are looked at by ./run.sh test
stale() { [ -d "$home/src/main" ] && [ -n "$(find "$home/pom.xml" "$home/src/main" -newer "$jar" -print -quit)" ]; }
if [ ! -f "$jar" ] && [ ! -d "$home/src/main" ]; then
  fail "$jar is not there, and no sources to build it from"
elif [ ! -f "$jar" ] || { [ "$jar" != "$home/augur.jar" ] && [ -w "$home" ] && stale; }; then
  echo "building" >&2
  mvn -q package -DskipTests "${lenient[@]}" >&2 || fail "the build failed"
fi

case ${AUGUR_LOG_FORMAT:-} in
  text | json) ;;
  '') if [ -t 2 ]; then AUGUR_LOG_FORMAT=text; else AUGUR_LOG_FORMAT=json; fi ;;
  *) fail "AUGUR_LOG_FORMAT must be text or json, found \"$AUGUR_LOG_FORMAT\"" ;;
esac
export AUGUR_LOG_FORMAT
export ORT_DISABLE_TELEMETRY="${ORT_DISABLE_TELEMETRY:-1}" # which ONNX Runtime 1.29 has on by default
flags=(@"$home/conf/jvm.flags" -Daugur.home="$home" ${TMPDIR:+-Djava.io.tmpdir="$TMPDIR"})

if [ "${1:-}" = bench ]; then
  shift
  cd "$home"
  mvn -q -Pbench package -DskipTests "${lenient[@]}" >&2 || fail "the build failed"
  case " $* " in *" --peers "*) mvn -q -f src/jmh/peers/spring-boot package >&2 || fail "the build of Spring Boot's peer failed" ;; esac
  program=dev.augur.load.Bench
  [ "${1:-}" != jmh ] || { shift; program=org.openjdk.jmh.Main; }
  # shellcheck disable=SC2086
  exec "$java" "${flags[@]}" @"$home/conf/modules.flags" ${JAVA_OPTS:-} -cp "target/jmh-classes:$jar:target/jmh-lib/*" "$program" "$@"
fi

# An archive of the classes halves the start; a JVM that cannot use it starts without. It lies beside the jar, or, where that folder is not
# ours, in our cache; without either there is none. Its name holds the digest of the jar: an upgrade may bring one of the same date.
prefix=${jar%.jar}
if [ ! -w "${jar%/*}" ]; then
  prefix=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/augur/$(printf '%s\n' "$home" | cksum | tr ' ' -)
  mkdir -p -m 700 "${prefix%/*}" 2>/dev/null || true
fi
archive=$prefix-$(cksum <"$jar" | tr ' ' -).jsa
current() { [ -r "$archive" ] && [ ! "$jar" -nt "$archive" ]; }
rehearse() {
  "$java" "${flags[@]}" -Xlog:disable -XX:ArchiveClassesAtExit="$archive.$$" -jar "$jar" --rehearse >&2 </dev/null &
  trap 'kill -KILL $! || true; rm -f "$archive.$$"; echo stopped; exit 0' TERM INT HUP # nothing is served yet
  wait $! && rm -f "$prefix"-*.jsa && mv -f "$archive.$$" "$archive" || rm -f "$archive.$$"
  trap - TERM INT HUP
}
case " $* " in *" check "* | *" diagnose "* | *" verify-log "* | *" replay "* | *" key "* | *" generate-completion "*) serves= ;; *) serves=1 ;; esac
if [ "$serves" ] && ! current && [ -w "${archive%/*}" ]; then rehearse; fi
if current; then flags+=(-XX:SharedArchiveFile="$archive" -Xlog:cds=off -Xlog:cds+dynamic=off); fi

# shellcheck disable=SC2086  # JAVA_OPTS are several words
exec "$java" "${flags[@]}" ${JAVA_OPTS:-} -jar "$jar" "$@"
