#!/bin/sh
# kernels_alone.sh BUILD_DIR: what the kernels' objects need of the world. A step must run where there is no heap, no exceptions, no RTTI
# and no C library: apart from memcpy and its kin, which every compiler may call, and the compiler's own look at the processor, nothing.
set -eu
objects=$(find "$1/engine" -path '*kernels/*' \( -name 'avx*.o' -o -name 'neon*.o' \))
[ -n "$objects" ] || { echo "skipped: no vector kernels in this build"; exit 77; }
allowed='_GLOBAL_OFFSET_TABLE_|__cpu_model|__cpu_features2|memcpy|memmove|memset|memcmp|getauxval'
for object in $objects; do
  needs=$(nm -u "$object" | awk '{ print $2 }' | grep -vxE "$allowed" || true)
  [ -z "$needs" ] || { echo "$object needs: $needs"; exit 1; }
  echo "$(basename "$object"): nothing but $(nm -u "$object" | awk '{ printf "%s ", $2 }')"
done
# The check can fail: loading does need all that.
nm -u "$(find "$1/engine" -name 'network.cpp.o')" | awk '{ print $2 }' | grep -qvxE "$allowed" || { echo "nm shows nothing"; exit 1; }
