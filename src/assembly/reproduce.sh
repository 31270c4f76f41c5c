#!/usr/bin/env bash
# Builds what is handed out twice, from the last commit, in two folders and unlike surroundings, and compares the bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
commit=$(git rev-parse HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # folder, umask, time zone, locale
  mkdir -p "$work/$1"
  (umask 022 && git archive "$commit" | tar -x -C "$work/$1")
  (cd "$work/$1" && umask "$2" && export TZ=$3 LC_ALL=$4 && ./run.sh package -Dmaven.test.skip -Dspotless.check.skip=true) >/dev/null
  (cd "$work/$1/target" && sha256sum augur-*.tar.gz augur.jar augur-client.jar sbom.json)
}
one=$(build one 022 UTC C.UTF-8)
other=$(build "an other/place" 077 Asia/Tokyo C)
echo "$one"
if [ "$one" != "$other" ]; then
  diff <(echo "$one") <(echo "$other") || true
  echo "the second build differs" >&2
  exit 1
fi
echo "the second build has the same bytes"
