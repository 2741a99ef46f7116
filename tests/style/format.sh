#!/usr/bin/env bash
# clang-format agrees with the layout of every source and header.
#   tests/style/format.sh        exit status 77 (skipped) without clang-format 14: other versions lay out lines
# otherwise To mend a file that it names: clang-format -i FILE
set -euo pipefail
cd "$(dirname "$0")/../.."
format=""
for program in clang-format-14 clang-format; do
    [[ $("$program" --version 2>/dev/null) != *"version 14."* ]] || { format=$program; break; }
done
[ -n "$format" ] || { echo "SKIPPED: clang-format 14 is not installed (Debian 12: clang-format)"; exit 77; }

# The check can fail.
! echo 'int  planted( ) {return 1;}' | "$format" --dry-run -Werror --assume-filename=planted.cpp 2>/dev/null ||
    { echo "$format accepts a line that breaks the rules of .clang-format"; exit 1; }

find engine datasets offline_search plugin tests \( -name '*.h' -o -name '*.c' -o -name '*.cpp' \) -print0 |
    xargs -0 -P "$(nproc)" -n 20 "$format" --dry-run -Werror
