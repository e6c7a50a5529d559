#!/bin/bash
# Trains the tiny checkpoint once undisturbed and once with N kills (SIGKILL) at random moments, each followed by a new
# start, and compares the results byte by byte.
#
#     bench/kill.sh [N] [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-30}
RANDOM=${2:-1}
golden=core/src/test/resources/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/tiny.yaml" <<RECIPE
recipe: tiny
stages:
  - stage: fine-tune
    learn: { experts: 2.0e-4, projector: 2.0e-4, language: 2.0e-4 }
    data:
      mixture: $golden/train/eagle-x2-tiny/sft.json
      folder: $golden/model/eagle-x2-tiny/expected/images
      template: v1
      maxLength: 1200
      order: shuffle
    batch: { global: 2, micro: 1 }
    precision: float32
    recompute: true
    seed: 7
    keep: { last: 2, every: 1 }
    schedule: { kind: cosine, warmup: 0.03, steps: 60 }
    from: { checkpoint: $golden/model/eagle-x2-tiny }
RECIPE

train() {
    exec ./aerie train "$work/tiny.yaml" -o "$1" > "$work/log" 2>&1
}

(train "$work/whole")
done=0
early=0
while [ "$done" -lt "$kills" ]; do
    train "$work/killed" &
    pid=$!
    sleep "$(awk -v r="$RANDOM" 'BEGIN { print 1.5 + 2.5 * r / 32768 }')"
    if kill -9 "$pid" 2> /dev/null; then
        done=$((done + 1))
        grep -q '^step' "$work/log" || early=$((early + 1))
    else
        rm -rf "$work/killed" # it came to its end: begin anew, so that every kill hits a run
    fi
    wait "$pid" 2> /dev/null || true
done
(train "$work/killed")
cmp "$work/whole/fine-tune/export/model.safetensors" "$work/killed/fine-tune/export/model.safetensors"
echo "$done kills ($early before the first step after a start): the result is the same, byte for byte"
