#!/usr/bin/env bash
# Prints the path of a C++ compiler that builds with -fsanitize=realtime.
#   rtsan_compiler.sh FOLDER
# Every clang++ from version 20 on does. Where there is none, the script puts one together in FOLDER: clang 22 of PyPI's
# ziglang compiles, with g++'s standard library, and g++ links, with the run-time library of Debian's
# libclang-rt-19-dev. Exit status 77 if these cannot be downloaded.
set -euo pipefail
mkdir -p "$1"
cd "$1"
planted='#include <cstdlib>
void* volatile kept;
void process() noexcept [[clang::nonblocking]] { kept = std::malloc(16); }
int main() { process(); }'
# bites COMPILER: whether it builds the planted violation, and the sanitiser stops that program.
bites() {
    echo "$planted" >planted.cpp
    "$1" -std=c++20 -fsanitize=realtime -c planted.cpp -o planted.o || return 1
    "$1" -fsanitize=realtime planted.o -o planted || return 1
    ! ./planted >planted.log 2>&1 && grep -q "real-time unsafe function \`malloc\`\|unsafe-library-call" planted.log
}
for found in "${CXX:-}" clang++ clang++-{20,21,22,23}; do
    [ -n "$found" ] && command -v "$found" >/dev/null && bites "$found" 2>/dev/null && { command -v "$found"; exit; }
done

skip() { echo "skipped: no clang++ from version 20 on, and $*" >&2; exit 77; }
install_ziglang() {
    python3 -m venv venv && timeout 300 venv/bin/pip install --quiet --disable-pip-version-check ziglang==0.17.1
}
if [ ! -x compiler ]; then
    install_ziglang >install.log 2>&1 || skip "ziglang cannot be installed ($(tail -n 1 install.log))"
    { apt-get download libclang-rt-19-dev && dpkg -x libclang-rt-19-dev_*.deb run_time; } >>install.log 2>&1 ||
        skip "libclang-rt-19-dev cannot be downloaded ($(tail -n 1 install.log))"
    # Clang 20 renamed the function that a program calls when it starts.
    echo 'void __rtsan_init(void); void __rtsan_ensure_initialized(void) { __rtsan_init(); }' | gcc -xc -c - -o start.o
    library=$(find "$PWD/run_time" -name "libclang_rt.rtsan-$(uname -m).a") version=$(g++ -dumpversion)
    # Zig searches the system's headers before -isystem, so g++'s headers come by -I. That would show their warnings, so
    # all are switched off; the project keeps GCC's warnings clean.
    cat >compiler.new <<EOF
#!/usr/bin/env bash
for argument in "\$@"; do
    [ "\$argument" != -c ] || exec "$PWD/venv/bin/python" -m ziglang c++ -nostdinc++ -I /usr/include/c++/$version \\
        -I /usr/include/$(uname -m)-linux-gnu/c++/$version -fno-sanitize=undefined "\$@" -w
done
for argument in "\$@"; do
    shift
    case \$argument in -fsanitize=* | -fno-sanitize*) ;; *) set -- "\$@" "\$argument" ;; esac
done
exec g++ "\$@" "$PWD/start.o" -Wl,--whole-archive "$library" -Wl,--no-whole-archive -ldl -lpthread -lm
EOF
    chmod +x compiler.new
    mv compiler.new compiler
fi
bites "$PWD/compiler" || skip "the compiler put together does not work: $(tail -n 1 planted.log)"
echo "$PWD/compiler"
