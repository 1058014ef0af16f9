# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
# What ./run and ./test share: packages, building, the clock. Sourced, not run.

# Packages of Debian and Ubuntu. Recommends are left out.
packages_run="gcc libc6-dev cmake ninja-build libjansson-dev libxxhash-dev"
packages_test="$packages_run g++ clang clang-format libclang-rt-14-dev libcmocka-dev shellcheck procps git"

say() { printf '%s\n' "$*" >&2; }

# seconds_since T0: elapsed whole seconds, T0 from SECONDS.
seconds_since() { echo "$((SECONDS - $1)) s"; }

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok' ||
            printf '%s ' "$package"
    done
}

# install PACKAGE...: brings what is missing, or says what is.
install() {
    local missing log
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        for tool in cc cmake ninja; do
            command -v "$tool" >/dev/null && continue
            say "onemiss: '$tool' is missing, and this is no Debian or Ubuntu; install what these"
            say "Debian packages hold, then try again: $*"
            exit 3
        done
        return
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    local -a root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            say "onemiss: packages are missing, and there is no sudo; as root run:"
            say "  apt-get install --no-install-recommends $missing"
            exit 3
        }
        root=(sudo)
    fi
    say "installing: $missing"
    log=$(mktemp)
    # shellcheck disable=SC2086
    if ! { "${root[@]}" apt-get -q update &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install \
            --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "onemiss: apt-get could not install: $missing"
        exit 3
    fi
    rm -f "$log"
}

# build FOLDER CMAKE-ARGUMENT...: configures and builds below build/, quietly.
build() {
    local folder=$1 log
    shift
    mkdir -p "$folder"
    log=$folder/build.log
    if ! { cmake -S . -B "$folder" -G Ninja "$@" && cmake --build "$folder"; } >"$log" 2>&1; then
        grep -E -A8 'error|FAILED' "$log" | head -n 60 >&2
        say "onemiss: the build failed; all of it is in $log"
        exit 3
    fi
}
