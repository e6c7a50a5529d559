#!/bin/bash
# Evaluates the tiny checkpoint once undisturbed and once with N kills (SIGKILL) at random moments, each followed by a new
# start, and compares answers (but for their times) and results byte by byte.
#
#     bench/eval-kill.sh [N] [SEED]
set -euo pipefail
cd "$(dirname "$0")/.."
kills=${1:-20}
RANDOM=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

evaluate() {
    exec ./aerie eval -m core/src/test/resources/golden/model/eagle-x2-tiny -b gqa,vqav2,mme,pope,mmbench \
        -d evaluate/src/test/resources/data -o "$1" --max-tokens 4 --batch 2 > "$work/log" 2>&1
}

# Everything that a run leaves, without the seconds that it took.
digest() {
    cat "$1"/*.jsonl "$1"/results.json "$1"/run.json "$1"/*.done.json | sed 's/"seconds":[^,]*,//' | sha256sum
}

touch "$work/log"
start=$SECONDS
(evaluate "$work/whole")
took=$((SECONDS - start + 1))
done=0
hits=0
while [ "$done" -lt "$kills" ]; do
    evaluate "$work/killed" &
    pid=$!
    sleep "$(awk -v r="$RANDOM" -v t="$took" 'BEGIN { print 1 + t * r / 32768 / 2 }')"
    if kill -9 "$pid" 2> /dev/null; then
        wait "$pid" 2> /dev/null || true
        done=$((done + 1))
        if compgen -G "$work/killed/*.jsonl" > /dev/null; then hits=$((hits + 1)); fi
    else
        wait "$pid" 2> /dev/null || true
        [ "$(digest "$work/whole")" = "$(digest "$work/killed")" ] || { echo "the result differs" >&2; exit 1; }
        rm -rf "$work/killed" # it came to its end: begin anew, so that every kill hits a run
    fi
done
(evaluate "$work/killed")
[ "$(digest "$work/whole")" = "$(digest "$work/killed")" ] || { echo "the result differs" >&2; exit 1; }
if [ -n "$(find "$work/killed" -name '.*.tmp')" ]; then
    echo "something half written is left in $work/killed:" "$(find "$work/killed" -name '.*.tmp')" >&2
fi
echo "$done kills ($hits after the first answers): the result is the same, byte for byte"
