#!/usr/bin/env bash
# Makes the Debian packages, looks at them with lintian, installs them in a bare chroot, and uses them there: the
# command, the plugins in SoX and LV2's tools, JUCE's plugins as far as they go without a window, and a program built
# against the library. As root; it fetches some 200 packages, and takes half an hour on two cores where nothing is built
# yet.
# usage: packages.sh [MIRROR [BUILD_DIR]]        Debian packages: debootstrap lintian
# MIRROR: where Debian's packages come from; without or "": the one that this machine's apt uses
# BUILD_DIR: a build for the prefix /usr that exists already
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
source_dir=$(cd "$here/../.." && pwd)
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
fail() { echo "FAILED: $*" >&2; exit 1; }
for program in debootstrap lintian; do
    command -v "$program" >/dev/null || { echo "SKIPPED: $program is not installed"; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "SKIPPED: only root can make a chroot"; exit 77; }
mirror=${1:-$(apt-get indextargets --format '$(REPO_URI)' "Created-By: Packages" "Codename: $suite" "Component: main" |
    head -n 1)}
[ -n "$mirror" ] || fail "apt knows no mirror of $suite; name one, or run apt-get update first"

echo "== Building the packages"
cd "$source_dir"
build=${2:-build/package}
if [ $# -lt 2 ]; then
    mkdir -p $build
    cmake --preset package >$build/configure.log || { tail $build/configure.log; fail "configuring"; }
    cmake --build --preset package -j "$(nproc)" >$build/build.log || { tail $build/build.log; fail "building"; }
fi
rm -f "$build"/*.deb
(cd "$build" && cpack) >"$build/cpack.log" || { tail "$build/cpack.log"; fail "cpack"; }
packages=("$build"/*.deb)
[ ${#packages[@]} = 3 ] || fail "packages: ${packages[*]}"
ls -l "${packages[@]}"

echo "== lintian"
lintian --allow-root --fail-on error "${packages[@]}" || fail "lintian finds errors"

echo "== A bare chroot ($suite)"
root=$(mktemp -d)
trap 'umount -l "$root/proc" 2>/dev/null || true; rm -rf "$root"' EXIT
debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$root.log" 2>&1 || { tail "$root.log"; fail "debootstrap"; }
rm -f "$root.log"
mount -t proc proc "$root/proc" 2>/dev/null || true
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mkdir "$root/packages" "$root/try"
cp "${packages[@]}" "$root/packages/"
cp engine/examples/denoise_wav.c "$root/try/"
python3 tests/hosts/compare_wav.py make "$root/try/noisy.wav"
cat >"$root/try/use.sh" <<'END'
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
cd /try
apt-get update >apt.log 2>&1
install="apt-get install -y --no-install-recommends"
# The packages alone bring all that the command needs.
$install /packages/*.deb >>apt.log 2>&1 || { tail apt.log; exit 1; }
gruve --version
gruve plugins | grep -q '^1.denoise-recommended$'
preset=/usr/share/gruve/presets/denoise-recommended.gruve
gruve render --preset $preset noisy.wav expected.wav
$install sox lilv-utils gcc libc6-dev pkg-config libsndfile1-dev >>apt.log 2>&1 || { tail apt.log; exit 1; }
sox noisy.wav -b 32 -e float sox.wav ladspa gruve_ladspa gruve_denoise_stereo 1 100 60 0 0 0 0
lv2ls | grep gruve
for module in /usr/lib/vst3/Gruve.vst3/Contents/*/Gruve.so /usr/lib/*/lv2/Gruve.lv2/libGruve.so; do
    ! ldd "$module" | grep 'not found' || { echo "$module lacks libraries"; exit 1; }
done
lv2info https://gruve.audio/lv2/words | grep -q wake_words_live-recommended
gcc denoise_wav.c -o denoise_wav $(pkg-config --cflags --libs gruve sndfile)
./denoise_wav $preset noisy.wav program.wav
apt-get purge -y gruve libgruve0 libgruve-dev >>apt.log 2>&1 || { tail apt.log; exit 1; }
left=$(find /usr -name '*gruve*')
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
END
chroot "$root" sh /try/use.sh || fail "using the packages"
python3 tests/hosts/within_a_step.py "$root/try/expected.wav" "$root/try/program.wav"
python3 tests/hosts/within_a_step.py "$root/try/expected.wav" "$root/try/sox.wav" 480
echo "The packages install and work in a bare $suite."
