# Shared by ./demo and ./check: finds or installs what the build needs, then configures and builds. Source it.
# Every failure ends with one sentence that says what to do.

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
die() { printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

build_packages=(g++ cmake ninja-build pkg-config ccache python3 zlib1g-dev
    libeigen3-dev libboost-mpi-dev libopenmpi-dev openmpi-bin libboost-serialization-dev libboost-test-dev libpagmo-dev libtbb-dev
    libsndfile1-dev libflatbuffers-dev flatbuffers-compiler
    libcli11-dev nlohmann-json3-dev libebur128-dev juce-modules-source)

missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s ' "$package"
    done
}

# need_packages PACKAGE…: installs what is missing; quick when nothing is.
need_packages() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
        die "this set-up knows Debian's packages only. Elsewhere install the equivalents of: $*, then run: cmake --preset release && cmake --build --preset release"
    local missing sudo=""
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "these packages are missing and need root to install. As root run: apt-get install $missing"
        sudo="sudo"
    fi
    say "Installing packages: $missing"
    local log; log=$(mktemp)
    # shellcheck disable=SC2086  # the list is meant to split
    if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        die "apt could not install: $missing
Is there a network, and is this Debian 12 or newer? The whole log is in $log"
    fi
    rm -f "$log"
}

# build PRESET TARGET…: configures once, then builds.
build() {
    local preset=$1; shift
    say "Building ($preset)"
    mkdir -p "build/$preset"
    cmake --preset "$preset" >"build/$preset/configure.log" 2>&1 || { tail -n 20 "build/$preset/configure.log" >&2; die "configuring failed; the log is build/$preset/configure.log"; }
    cmake --build "build/$preset" -j "$(nproc)" --target "$@" || die "the build failed; its first error is above"
}
