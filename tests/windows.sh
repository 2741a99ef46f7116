#!/usr/bin/env bash
# Builds Gruve for Windows and tries it under Wine, against the same commit built for Linux: the same samples from every
# kernel of this machine, from the command, the C library and the VST3; sessions both ways; the Standalone's window;
# strange paths, a full disk, a read-only folder; time per step. Outside of ./check, because both builds take long.
#   tests/windows.sh               builds what is missing
#   tests/windows.sh --no-build    takes what is built
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh
source_dir=$PWD windows=$PWD/build/windows linux=$PWD/build/beside-windows
if [ "${1:-}" != --no-build ]; then
    need_packages "${build_packages[@]}" wine wine64 unzip xvfb xauth xdotool x11-utils imagemagick
    # Both at once: while the libraries for Windows are configured, one core has nothing else to do.
    mkdir -p "$linux"
    (build beside-windows gruve gruve_output_hash gruve_stream_hash gruve_plugin_VST3 gruve_vst3_render gruve_static) \
        >"$linux/build.log" 2>&1 &
    linux_build=$!
    trap 'kill $linux_build 2>/dev/null || true' EXIT
    plugin/windows/build
    wait $linux_build || { tail -n 20 "$linux/build.log" >&2; die "the build for Linux failed; see $linux/build.log"; }
fi
export WINEPREFIX=$windows/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8
work=$(mktemp -d) mounted=""
trap '[ -z "$mounted" ] || umount "$mounted"; wineserver -k 2>/dev/null || true; rm -rf "$work"' EXIT
wineserver() { "$(ls /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver 2>/dev/null | head -n 1)" "$@"; }
failures=0
fail() { echo "FAILED: $*" >&2; failures=$((failures + 1)); }
zip=$(ls "$windows"/gruve-*-windows.zip)
unzip -q "$zip" -d "$work"
files=$(ls -d "$work"/gruve-*-windows)
gruve_exe=$files/command/gruve.exe
wine wineboot -i >/dev/null 2>&1 || true

say "The zip"
bytes=$(wc -c <"$zip")
echo "$bytes bytes"
[ "$bytes" -le $((40 * 1000 * 1000)) ] || fail "the zip has $bytes bytes, allowed 40 MB"

say "DLLs, and AVX moves on the stack"
# Windows' own, as a list: any other name is a file that the user would miss.
own='KERNEL32|msvcrt|ADVAPI32|SHELL32|USER32|GDI32|OLE32|OLEAUT32|WINMM|WS2_32|SHLWAPI|VERSION|WININET|IMM32|COMDLG32'
own="$own|DINPUT8|DXGI|UXTHEME|DWMAPI|RPCRT4|MFPLAT|bcrypt|AVRT|OPENGL32|GLU32|WSOCK32"
# on_stack FILE: aligned moves of 32 or 64 bytes whose address is on the stack.
on_stack() {
    x86_64-w64-mingw32-objdump -d --no-show-raw-insn "$1" |
        grep -E 'vmov(ap[sd]|dqa|dqa32|dqa64|ntp[sd]|ntdqa?) ' | grep -E '%[yz]mm' | grep -E '\(%r[sb]p' || true
}
printf 'vmovaps %%ymm1, 8(%%rsp)\n' | x86_64-w64-mingw32-as -o "$work/planted.o" -
[ -n "$(on_stack "$work/planted.o")" ] || fail "the search for aligned moves finds none where one is"
while read -r file; do
    needed=$(x86_64-w64-mingw32-objdump -p "$file" | sed -n 's/.*DLL Name: //p')
    others=$(grep -viE "^($own)\.(dll|drv)$" <<<"$needed" || true)
    [ -z "$others" ] || fail "$file needs $others"
    found=$(on_stack "$file")
    [ -z "$found" ] || fail "$file: aligned moves on the stack: $found"
    echo "${file#"$files"/}: $(wc -l <<<"$needed") DLLs, all of Windows"
done < <(find "$files" \( -name '*.exe' -o -name '*.dll' -o -name '*.vst3' \) -type f)

say "The same bits from every kernel"
for program in gruve_output_hash gruve_stream_hash; do
    "$linux/bin/$program" presets/*.gruve >"$work/linux.txt" 2>/dev/null
    wine "$windows/bin/$program.exe" presets/*.gruve 2>"$work/log" | tr -d '\r' >"$work/windows.txt"
    diff "$work/linux.txt" "$work/windows.txt" || fail "$program: other hashes under Wine"
    echo "$program: $(wc -l <"$work/windows.txt") presets the same. $(tr -d '\r' <"$work/log" | tail -n 1)"
done

say "The command"
cd "$work"
python3 "$source_dir/tests/commands/make_small_data.py" data
clip=data/speech/s0/0.wav presets=$files/presets linux_gruve=$linux/bin/gruve
# same NAME COMMAND…: both systems print the same, byte for byte.
same() {
    local name=$1; shift
    "$linux_gruve" "$@" >linux.txt 2>/dev/null || true
    wine "$gruve_exe" "$@" >windows.txt 2>/dev/null || true
    [ -s linux.txt ] && cmp -s linux.txt windows.txt || fail "$name: $(diff linux.txt windows.txt | head -n 5)"
}
# refuses TEXT COMMAND…: status 1 and a message that holds the text.
refuses() {
    local text=$1 status=0; shift
    wine "$gruve_exe" "$@" >refused.log 2>&1 || status=$?
    [ $status = 1 ] && grep -qE -- "$text" refused.log || fail "$*: status $status: $(cat refused.log)"
    head -n 1 refused.log
}
rendered=0
for preset in "$presets"/denoise*.gruve; do
    "$linux_gruve" render --preset "$preset" "$clip" linux.wav >/dev/null 2>&1
    wine "$gruve_exe" render --preset "$preset" "$clip" windows.wav >/dev/null 2>&1 || true
    cmp -s linux.wav windows.wav || fail "gruve render with $(basename "$preset"): other samples"
    rendered=$((rendered + 1))
done
echo "gruve render: $rendered denoisers give the same files"
for preset in "$presets"/*words*.gruve; do
    same "render --json $(basename "$preset")" render --preset "$preset" --json "$clip"
done
denoiser=$presets/denoise-recommended.gruve
same info info "$denoiser" --json
"$linux_gruve" export --c "$denoiser" --out linux.h >/dev/null
wine "$gruve_exe" export --c "$denoiser" --out windows.h >/dev/null
cmp linux.h windows.h || fail "export --c"
same evaluate evaluate --preset "$denoiser" --data data --task denoise
same data data data
refuses "this build of gruve cannot search" search --task denoise --model "$clip" --data data --out found
for ending in flac ogg mp3 opus; do  # what ffmpeg or sox made is read alike
    [ -e "data/$ending.$ending" ] || continue
    same "$ending" render --preset "$denoiser" "data/$ending.$ending" out.wav
done

say "Paths"
strange="Grüße aus Köln/β ш 音"
long=$(printf "%060d/%060d/%060d/%060d/%060d" 1 2 3 4 5)
for folder in "$strange" "$long"; do
    mkdir -p "$folder"
    cp "$clip" "$folder/ä in.wav"
    cp "$denoiser" "$folder/ö.gruve"
    wine "$gruve_exe" render --preset "$folder/ö.gruve" "$folder/ä in.wav" "$folder/ü out.wav" >log 2>&1 ||
        fail "$folder: $(cat log)"
    "$linux_gruve" render --preset "$denoiser" "$clip" linux.wav >/dev/null
    cmp linux.wav "$folder/ü out.wav" || fail "$folder: other samples"
done
backslashes=$(printf '%s' "$strange" | tr / '\\')
wine "$gruve_exe" render --preset "$backslashes\\ö.gruve" "$backslashes\\ä in.wav" "$backslashes\\again.wav" \
    >log 2>&1 ||
    fail "backslashes: $(cat log)"
cmp linux.wav "$strange/again.wav" || fail "backslashes: other samples"
refuses "Grüße.*fehlt.wav: no such file" render --preset "$denoiser" "$strange/fehlt.wav" out.wav

say "A full disk, a read-only folder"
mkdir small
if mount -t tmpfs -o size=64k tmpfs small 2>/dev/null; then
    mounted=$work/small
    refuses "small.out.wav: .*[Nn]o space|disk.*full" render --preset "$denoiser" "$clip" small/out.wav
    [ ! -e small/out.wav ] || fail "half a file is left on a full disk"
    mount -o remount,ro "$mounted"
    refuses "small.out.wav: cannot be written: " render --preset "$denoiser" "$clip" small/out.wav
    refuses "small.h: cannot be written: " export --c "$denoiser" --out small/h
    umount "$mounted" && mounted=""
else
    echo "skipped: only root can mount a small disk"
fi
refuses "the folder no.dir does not exist" render --preset "$denoiser" "$clip" no/dir/out.wav

say "The C library"
cat >library.c <<'C'
#include <gruve/gruve.h>
#include <stdio.h>
int main(int argc, char** argv) {
    gruve_preset* preset;
    gruve_denoiser* denoiser;
    char error[256];
    float block[480], sum = 0;
    const char* file = "Grüße aus Köln/β ш 音/ö.gruve";
    if (argc != 2 || gruve_preset_open_file(file, &preset, error, sizeof error) != GRUVE_OK ||
        gruve_denoiser_create(preset, 48000, 1, &denoiser, error, sizeof error) != GRUVE_OK) {
        printf("%s\n", error);
        return 1;
    }
    for (int n = 0; n < 200; ++n) {
        float* channels[1] = {block};
        for (int i = 0; i < 480; ++i) block[i] = (float)((n * 480 + i) * 7919 % 1000 - 500) / 1000.0f;
        gruve_denoiser_process(denoiser, (const float* const*)channels, channels, 480);
        for (int i = 0; i < 480; ++i) sum += block[i];
    }
    printf("%s %a\n", gruve_version(), (double)sum);
    gruve_denoiser_free(denoiser);
    gruve_preset_free(preset);
    return 0;
}
C
cc -O1 library.c -I"$source_dir/engine/include" "$linux/engine/c_api/libgruve.a" -lstdc++ -lm -o library
x86_64-w64-mingw32-gcc-posix -O1 -DGRUVE_SHARED library.c -I"$files/library/include" -L"$files/library" -lgruve \
    -o library.exe
cp "$files/library/gruve.dll" .
found=$(wine ./library.exe x | tr -d '\r' || true) expected=$(./library x)
[ "$found" = "$expected" ] && echo "gruve.dll: $found" || fail "gruve.dll: $found, on Linux $expected"

say "The VST3 in a console host"
# JUCE's host wants the DLL itself on Windows.
host=(wine "$windows/bin/gruve_vst3_render.exe" "$files/Gruve.vst3/Contents/x86_64-win/Gruve.vst3")
linux_host=("$linux/bin/gruve_vst3_render" "$(find "$linux/plugin" -name Gruve.vst3 -type d | head -n 1)")
for preset in denoise-recommended denoise-8bit; do
    "${linux_host[@]}" "$presets/$preset.gruve" "$clip" linux.wav linux.session >/dev/null
    "${host[@]}" "$presets/$preset.gruve" "$clip" windows.wav windows.session >log 2>&1 || fail "$preset: $(cat log)"
    cmp linux.wav windows.wav || fail "$preset: other samples from the VST3"
    "${linux_host[@]}" windows.session "$clip" linux2.wav >/dev/null || fail "Linux refuses a session of Windows"
    "${host[@]}" linux.session "$clip" windows2.wav >/dev/null 2>&1 || fail "Windows refuses a session of Linux"
    cmp linux.wav linux2.wav && cmp linux.wav windows2.wav || fail "$preset: a session sounds different elsewhere"
    echo "$preset: the same samples; sessions load both ways"
done

say "The Standalone's window"
mkdir -p "$windows/screenshots"
wineserver -k || true  # it began without a screen
cat >window.sh <<'SH'
wine "$1" >/dev/null 2>&1 &
for _ in $(seq 150); do
    window=$(xdotool search --onlyvisible --name '^Gruve$' 2>/dev/null | tail -n 1) && [ -n "$window" ] && break
    sleep 0.4
done
[ -n "$window" ] || { echo "no window"; exit 1; }
sleep 6
import -window root "$2"
colours=$(identify -format '%k' "$2")
echo "window of $(xdotool getwindowgeometry "$window" | sed -n 's/.*Geometry: //p'), $colours colours"
[ "$colours" -gt 200 ] || exit 1
SH
xvfb-run -a -s "-screen 0 1280x960x24" bash window.sh "$files/standalone/Gruve.exe" \
    "$windows/screenshots/standalone.png" || fail "the Standalone shows nothing"
wineserver -k || true

say "Time per step"
# The quickest of ten runs on each system, in turn, because other work on the machine disturbs single ones; of up to
# forty where ten were disturbed.
time_of() { "$@" card "$denoiser" 2>/dev/null | sed -n 's/.*time per step | \([0-9]*\).*/\1/p'; }
on_linux=1000000000 on_windows=1000000000
for run in $(seq 40); do
    [ "$run" -le 10 ] || [ "$((on_windows * 100))" -gt "$((on_linux * 110))" ] || break
    one=$(time_of "$linux_gruve") other=$(time_of wine "$gruve_exe")
    [ "$one" -ge "$on_linux" ] || on_linux=$one
    [ "$other" -ge "$on_windows" ] || on_windows=$other
done
echo "$on_linux ns on Linux, $on_windows ns under Wine"
[ "$((on_windows * 100))" -le "$((on_linux * 110))" ] || fail "a step takes more than 10 % longer under Wine"

[ $failures = 0 ] || die "$failures failures, named above"
say "All checks passed in $((SECONDS / 60)) minutes"
