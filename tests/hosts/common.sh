# Shared by the tests of hosts. Source it.

# need FILE…: skips the test where a file or folder is missing.
need() {
  for needed in "$@"; do
    [ -e "$needed" ] || { echo "skipped: $needed is missing"; exit 77; }
  done
}

# need_program PROGRAM…: skips the test where a program is not installed.
need_program() {
  for needed in "$@"; do  # the caller's variables stay
    command -v "$needed" >/dev/null || { echo "skipped: $needed is not installed"; exit 77; }
  done
}

# built_bundle BUILD_DIR NAME: the folder of the built plugin, Gruve.vst3 or Gruve.lv2.
built_bundle() {
  find "$1/plugin" -name "$2" -type d | head -n 1
}

# make_ardour_session VST3 PRESET WAV: an Ardour session in $SESSION_DIR with the plugin on the track "in", and WAV on
# it. $HOME must be a folder for this test alone.
make_ardour_session() {
  unset XDG_CONFIG_HOME XDG_CACHE_HOME  # Ardour finds its scanner's cache only in the default place
  mkdir -p "$HOME/.vst3"
  cp -a "$1" "$HOME/.vst3/"  # with its old date: Ardour distrusts a cache of the same second
  LD_LIBRARY_PATH=/usr/lib/ardour7 "$ardour_scanner" -f "$HOME/.vst3/Gruve.vst3" >"$HOME/scan.log" 2>&1
  uid=$(cat "$HOME"/.cache/ardour7/vst/*.v3i | tr ' ' '\n' | sed -n 's/^uid="\([0-9A-Fa-f]*\)".*/\1/p' | head -n 1)
  [ -n "$uid" ] || { echo "Ardour's scanner finds no plugin in $1"; exit 1; }
  PLUGIN_UID=$uid ardour7-lua "$here/ardour_session.lua" >"$HOME/lua.log" 2>&1 || { cat "$HOME/lua.log"; exit 1; }
  python3 "$here/edit_ardour_session.py" "$SESSION_DIR/s.ardour" "$3" "$2"
}
ardour_scanner=/usr/lib/ardour7/ardour-vst3-scanner

# make_ardour_lv2_session LV2_PATH URI WAV: the same with an LV2 plugin and its first preset.
make_ardour_lv2_session() {
  unset XDG_CONFIG_HOME XDG_CACHE_HOME
  export LV2_PATH="$1:/usr/lib/lv2"
  PLUGIN_TYPE=LV2 PLUGIN_UID=$2 ardour7-lua "$here/ardour_session.lua" >"$HOME/lua.log" 2>&1 ||
    { cat "$HOME/lua.log"; exit 1; }
  python3 "$here/edit_ardour_session.py" "$SESSION_DIR/s.ardour" "$3"
}
