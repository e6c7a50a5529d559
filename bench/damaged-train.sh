#!/bin/sh
# Draws a training set of COUNT records with one percent of damage, every kind in turn, checks it, and trains the tiny
# checkpoint through it once. Says how many records the check found that training does without, and how many training did
# without; they are to agree. All else that is found (ids that are missing or double) is no hindrance.
#   bench/damaged-train.sh [COUNT]
set -eu
cd "$(dirname "$0")/.."
count=${1:-1400}
model=core/src/test/resources/golden/model/eagle-x2-tiny

[ -d train/target/test-classes ] && [ -f cli/target/aerie-cli.jar ] || mvn -B -q -DskipTests package
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$(./aerie --java-home)/bin/java" -Djava.awt.headless=true -cp "train/target/test-classes:cli/target/lib/*" \
    dev.aerie.train.data.DamagedSet "$folder" "$count"

cat > "$folder/damaged.yaml" <<RECIPE
recipe: damaged
stages:
  - stage: projector
    learn: { experts: 0, projector: 1.0e-3, language: 0 }
    data: { mixture: $folder/records.json, folder: $folder/pictures, template: v1, maxLength: 2048, order: shuffle }
    batch: { global: 16, micro: 8 }
    schedule: { kind: constant, epochs: 1 }
    from: { checkpoint: $model }
    keep: { last: 1, every: 1000000 }
RECIPE

./aerie data check "$folder/records.json" --pictures "$folder/pictures" -m "$model" --template v1 --max-length 2048 \
    2>/dev/null > "$folder/check.txt" || true
./aerie train "$folder/damaged.yaml" -o "$folder/run" > "$folder/train.txt" || { tail -3 "$folder/train.txt"; exit 1; }
tail -1 "$folder/train.txt"
grep -c . "$folder/run/projector/log.jsonl" | sed 's/$/ steps/'
sed -n 's/.*"skipped":{\([^}]*\)}.*/\1/p' "$folder/run/projector/data.json" | tr ',' '\n' | tr -d '"' |
    sed 's/\(.*\):\(.*\)/\1 \2/' | sort > "$folder/skipped.txt"
while read -r line; do
    kind=${line% *}
    grep -q "^ *$kind  *${line##* }\b" "$folder/check.txt" && told=the\ same || told="not what the check found"
    echo "$line: $told"
done < "$folder/skipped.txt"
awk '{ sum += $NF } END { print sum " skipped in all" }' "$folder/skipped.txt"
grep '^skipped in training' "$folder/check.txt" | sed 's/^skipped in training */the check: /'
