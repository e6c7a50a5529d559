#!/bin/sh
# Eaglet beside variants of it, each made with the same share of the full number of steps and scored on the same pictures:
#
#     bench/eaglet-table.sh FOLDER [BUDGET [ROW...]]
#
# Captions, notes and pages (the decoder's lessons), the experts' own tasks and their pre-alignment are made once, in full
# length, in FOLDER; what differs lies in FOLDER/ROW. Started again it goes on where it stopped. Prints a line for a row.
set -eu
folder=$1
budget=${2:-0.3}
if [ $# -gt 2 ]; then
    shift 2
else
    set -- blind clip-448 convnext-1024 sam-1024 det-1024 pix2struct-1024 clip-convnext no-pre-align frozen x5
fi
aerie=$(dirname "$0")/../aerie
five="clip-448;convnext-1024;sam-1024;det-1024;pix2struct-1024"
for expert in clip-448 convnext-1024 sam-1024 det-1024 pix2struct-1024; do
    "$aerie" lab eaglet "$folder" --only "$expert" >&2
done
for part in captions notes reading linked recalling pages pre-align; do
    "$aerie" lab eaglet "$folder" --only "$part" >&2
done
for row; do
    towers=$five
    variant=
    case $row in
        blind | no-pre-align | frozen) variant="--set variant=$row" ;;
        clip-convnext) towers="clip-448;convnext-1024" ;;
        x5) ;;
        *) towers=$row ;;
    esac
    # shellcheck disable=SC2086
    "$aerie" lab eaglet "$folder" --as "$row" --towers "$towers" --budget "$budget" $variant >&2
    [ -f "$folder/$row/score.txt" ] || {
        "$aerie" lab score -m "$folder/$row/eaglet" --count 2000 > "$folder/$row/score.tmp"
        mv "$folder/$row/score.tmp" "$folder/$row/score.txt"
    }
    printf '%-16s %s\n' "$row" "$(tail -n 1 "$folder/$row/score.txt")"
done
