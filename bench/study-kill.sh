#!/bin/bash
# Does a small study of two cells in two processes, once undisturbed and once with N kills (SIGKILL of both) at random
# moments, each followed by a new start, and compares what came of every cell and work, but for the seconds, byte by byte.
#
#     bench/study-kill.sh [N] [SEED]
set -euo pipefail
set -m # each study is a group of processes of its own, which a kill hits as a whole
cd "$(dirname "$0")/.."
kills=${1:-10}
RANDOM=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/small.yaml" <<PLAN
study: small
title: CLIP, frozen and learning along
published: Table 2
towers: clip-448
set: [variant=no-pre-align]
pictures: 40
seeds: 1
budget: 0.1
own: 0.02
grid:
  experts:
    frozen: [fine-tune.learn.experts=0]
    learning: []
PLAN

study() {
    exec ./aerie study "$work/small.yaml" --jobs 2 -o "$1" >> "$work/log" 2>&1
}

# Everything that a study leaves as its result, without the seconds that it took.
digest() {
    (cd "$1/results" && find . -name '*.json' | sort | xargs grep -v '"seconds" :') | sha256sum
}

same() {
    [ "$(digest "$work/whole")" = "$(digest "$work/killed")" ] || { echo "the results differ" >&2; exit 1; }
}

start=$SECONDS
study "$work/whole" &
wait $!
took=$((SECONDS - start))
done=0
hits=0
while [ "$done" -lt "$kills" ]; do
    : > "$work/log"
    study "$work/killed" &
    pid=$!
    sleep "$(awk -v r="$RANDOM" -v t="$took" -v n="$kills" 'BEGIN { print 2 + 2 * t * r / 32768 / n }')"
    if kill -9 -- "-$pid" 2> /dev/null; then
        wait "$pid" 2> /dev/null || true
        done=$((done + 1))
        if grep -q ': step' "$work/log"; then hits=$((hits + 1)); fi
    else
        wait "$pid"
        same
        rm -rf "$work/killed" # it came to its end: begin anew, so that every kill hits a run
    fi
done
study "$work/killed" &
wait $!
same
works=$(find "$work/killed/results/works" -name '*.json' | wc -l)
echo "$done kills ($hits after a step that was told) of a study of $works works: the results are the same, byte for byte"
