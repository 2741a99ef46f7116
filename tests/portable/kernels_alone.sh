#!/bin/sh
# The kernels' objects need nothing from outside. A step must run without a heap, exceptions, RTTI and a C library.
# Allowed are memcpy and its kin, which a compiler may call at any place, and the compiler's own query of the processor.
#   kernels_alone.sh BUILD_DIR        exit status 77 (skipped) in a build without vector kernels
set -eu
objects=$(find "$1/engine" -path '*kernels/*' \( -name 'avx*.o' -o -name 'neon*.o' -o -name 'four*.o' \))
[ -n "$objects" ] || { echo "skipped: no vector kernels in this build"; exit 77; }
allowed='_GLOBAL_OFFSET_TABLE_|__cpu_model|__cpu_features2|memcpy|memmove|memset|memcmp|getauxval'
for object in $objects; do
  needs=$(nm -u "$object" | awk '{ print $2 }' | grep -vxE "$allowed" || true)
  [ -z "$needs" ] || { echo "$object needs: $needs"; exit 1; }
  echo "$(basename "$object"): nothing but $(nm -u "$object" | awk '{ printf "%s ", $2 }')"
done
# The check can fail: loading a network does need a heap.
nm -u "$(find "$1/engine" -path '*kernels/*' -name 'network.cpp.o')" | awk '{ print $2 }' | grep -qvxE "$allowed" ||
  { echo "nm shows nothing"; exit 1; }
