#!/bin/sh
# The plain LV2 bundles are what LV2's own vocabularies allow.
#   lv2_validate.sh BUILD_DIR        exit status 77 (skipped) without lv2_validate and lilv-utils
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
build=$(cd "$1" && pwd)
need "$build/lv2/gruve-denoise.lv2" "$build/lv2/gruve-words.lv2" "$build/bin/gruve-plugins"
need_program lv2_validate sord_validate lv2info lv2ls
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The person's own presets by name, too.
mkdir -p "$work/own"
cp "$here/../../presets/denoise_live-recommended.gruve" "$work/own/a \"room\".gruve"
cp "$here/../../presets/wake_words_live-8bit.gruve" "$work/own/words.gruve"
HOME=$work GRUVE_PRESETS=$work/own "$build/bin/gruve-plugins" --refresh >"$work/refresh.log"

# validate FILE…: lv2_validate is sord_validate with LV2's own vocabularies.
validate() { lv2_validate "$@" >"$work/log" 2>&1 && grep -q '^Found 0 errors' "$work/log"; }
validate "$build"/lv2/*.lv2/*.ttl "$work"/.lv2/*/*.ttl || { cat "$work/log"; echo "FAILED"; exit 1; }
grep Found "$work/log"
# The check can fail.
sed 's/lv2:index 0 ;/lv2:index "first" ;/' "$build/lv2/gruve-words.lv2/words.ttl" >"$work/planted.ttl"
! validate "$work/planted.ttl" || { echo "FAILED: a planted error isn't noticed"; exit 1; }

export LV2_PATH="$build/lv2:$work/.lv2:/usr/lib/lv2"
[ "$(lv2ls | grep -c '^https://gruve.audio/lv2/')" = 7 ] || { lv2ls; echo "FAILED: seven plugins expected"; exit 1; }
lv2info https://gruve.audio/lv2/words >"$work/info"
grep -q 'wake_words_live-recommended' "$work/info" || { cat "$work/info"; echo "FAILED: no names of presets"; exit 1; }
grep -q 'words$' "$work/info" || { cat "$work/info"; echo "FAILED: no name of the own preset"; exit 1; }
