# Shared by ./demo, ./check and the scripts in tests/: installs what the build needs, then configures and builds.
# Source it. Every failure ends with one sentence that says what to do.

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
die() { printf '\n%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

build_packages=(g++ cmake ninja-build pkg-config ccache python3 zlib1g-dev
    libeigen3-dev libboost-mpi-dev libopenmpi-dev openmpi-bin libboost-serialization-dev libboost-test-dev
    libpagmo-dev libtbb-dev libsndfile1-dev libflatbuffers-dev flatbuffers-compiler
    libcli11-dev nlohmann-json3-dev libebur128-dev ladspa-sdk lv2-dev juce-modules-source)

missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s ' "$package"
    done
}

# need_packages PACKAGE…: installs those that are missing.
need_packages() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
        die "this script knows Debian's packages only. Elsewhere install the equivalents of: $*
Then run: cmake --preset release && cmake --build --preset release"
    local missing sudo=""
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "some packages are missing, and only root can install them. As root run: apt-get install $missing"
        sudo="sudo"
    fi
    say "Installing packages: $missing"
    local log install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends)
    log=$(mktemp)
    # shellcheck disable=SC2086  # $sudo may be empty, and the list must split
    if ! { $sudo apt-get update && $sudo "${install[@]}" $missing; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        die "apt could not install: $missing
Is there a network, and is this Debian 12 or newer? The whole log is in $log"
    fi
    rm -f "$log"
}

# build PRESET TARGET…: configures and builds.
build() {
    local preset=$1 log=build/$1/configure.log; shift
    say "Building ($preset)"
    mkdir -p "build/$preset"
    cmake --preset "$preset" >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; die "configuring failed; the log is $log"; }
    cmake --build "build/$preset" -j "$(nproc)" --target "$@" || die "the build failed; its first error is above"
}
