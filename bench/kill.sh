#!/bin/bash
# Trains the tiny checkpoint once undisturbed and once with N kills (SIGKILL), each followed by a new start, and compares
# the results byte by byte. Every second kill is aimed: it waits for the next snapshot to begin and hits at once, so that
# it lands inside the write. The others come at random moments. What a kill left behind tells where it landed.
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

snapshots="$work/killed/fine-tune/checkpoints"

# Whether a snapshot is being written or removed: its folder has another name meanwhile. Folders that an earlier kill
# left are older than the start.
inside() {
    local folder
    for folder in "$snapshots"/.step-*; do
        [ "$folder" -nt "$work/started" ] && return 0
    done
    return 1
}

(train "$work/whole")
done=0
early=0
hits=0
while [ "$done" -lt "$kills" ]; do
    touch "$work/started"
    train "$work/killed" &
    pid=$!
    sleep "$(awk -v r="$RANDOM" 'BEGIN { print 1.5 + 2.5 * r / 32768 }')"
    if [ $((done % 2)) -eq 0 ]; then
        while kill -0 "$pid" 2> /dev/null && ! inside; do :; done
    fi
    if kill -9 "$pid" 2> /dev/null; then
        wait "$pid" 2> /dev/null || true
        done=$((done + 1))
        if inside; then hits=$((hits + 1)); fi
        grep -q '^step' "$work/log" || early=$((early + 1))
    else
        wait "$pid" 2> /dev/null || true
        rm -rf "$work/killed" # it came to its end: begin anew, so that every kill hits a run
    fi
done
(train "$work/killed")
cmp "$work/whole/fine-tune/export/model.safetensors" "$work/killed/fine-tune/export/model.safetensors"
if [ -n "$(compgen -G "$snapshots/.step-*")" ]; then
    echo "something half written is left in $snapshots" >&2
    exit 1
fi
echo "$done kills ($hits inside the write of a snapshot, $early before the first step after a start):" \
    "the result is the same, byte for byte"
