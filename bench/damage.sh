#!/bin/sh
# Damages weight, tokenizer, config and picture files (COUNT of them, from SEED) and uses each in one JVM with a heap of
# 512 MiB; then tries PROCESSES more through ./aerie. Any outcome but "opened" and "refused in one line" is a fault.
#   bench/damage.sh [COUNT] [SEED] [PROCESSES]
set -eu
cd "$(dirname "$0")/.."
count=${1:-2500} seed=${2:-1} processes=${3:-60}

[ -d core/target/test-classes ] && [ -f cli/target/aerie-cli.jar ] || mvn -B -q -DskipTests package
java=$(./aerie --java-home)/bin/java
sweep() {
    OPT_OUT_TRACKING=true "$java" -Xmx512m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        --add-modules=jdk.incubator.vector -Djava.awt.headless=true ${TRACE:+-Ddamage.trace=true} \
        -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.maxBytes=0 \
        -cp "core/target/classes:core/target/test-classes:cli/target/lib/*" \
        dev.aerie.damage.DamageSweep core/src/test/resources "$@"
}

faults=0
sweep "$count" "$seed" || { echo "the sweep ended with exit code $?"; faults=1; }

folders=$(mktemp -d)
trap 'rm -rf "$folders"' EXIT
sweep "$processes" "$seed" "$folders" 2>/dev/null
opened=0 refused=0
try() { # one run of ./aerie: exit code 0, or 2 with one line of error
    code=0
    ./aerie "$@" >"$folders/out" 2>"$folders/err" || code=$?
    lines=$(grep -cv '^WARNING: Using incubator modules' "$folders/err" || true)
    case "$code:$lines" in
        0:*) opened=$((opened + 1)) ;;
        2:1) refused=$((refused + 1)) ;;
        *) faults=$((faults + 1)); echo "aerie $*: exit code $code, $lines lines"; head -3 "$folders/err" ;;
    esac
}
inspects=false
if ./aerie --help 2>/dev/null | grep -q '^  inspect '; then inspects=true; fi
i=0
while [ "$i" -lt "$processes" ]; do
    folder="$folders/$i"
    if [ -f "$folder/picture" ]; then
        try ask -m "$folder" -i "$folder/picture" --max-tokens 2 "What?"
    else
        try ask -m "$folder" --max-tokens 2 "What?"
        if $inspects; then try inspect "$folder"; fi
    fi
    i=$((i + 1))
done
echo "$processes files through ./aerie: $opened runs opened, $refused refused in one line, other faults: $faults"
[ "$faults" -eq 0 ]
