#!/bin/sh
# Draws a training set of COUNT records with one percent of damage, every kind in turn, and checks it: time, and the
# largest heap that was still in use after a collection.
#   bench/data-check.sh [COUNT]
set -eu
cd "$(dirname "$0")/.."
count=${1:-100000}

[ -d train/target/test-classes ] && [ -f cli/target/aerie-cli.jar ] || mvn -B -q -DskipTests package
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(./aerie --java-home)/bin/java" -Djava.awt.headless=true -cp "train/target/test-classes:cli/target/lib/*" \
    dev.aerie.train.data.DamagedSet "$folder" "$count"

start=$(date +%s.%N)
JAVA_TOOL_OPTIONS="-Xlog:gc:file=$folder/gc.log" ./aerie data check "$folder/records.json" --pictures "$folder/pictures" \
    -m core/src/test/resources/golden/model/eagle-x2-tiny --template v1 2>/dev/null | grep -v '^    ' || true
end=$(date +%s.%N)
awk -v from="$start" -v to="$end" 'BEGIN { printf "%-26s %.1f s\n", "time", to - from }'
sed -n 's/.*Pause.*->\([0-9]*\)M(.*/\1/p' "$folder/gc.log" | sort -n | tail -1 |
    awk '{ printf "%-26s %s MB\n", "largest heap in use", $1 }'
