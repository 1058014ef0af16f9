#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prepares a Mac to build onemiss: Xcode's command-line tools, and libraries from Homebrew.
# Not run on a Mac: written from the manuals, and tried against stand-ins only.
#
#   macos.sh              shows what is there, what is missing and each command; changes nothing
#   macos.sh --apply      does it, not as root
#
# What it is for: the headers need only a C11 or C++17 compiler, and that is all that is known
# to be of use on a Mac; the lab itself runs on Linux. Exit code: 0 done, or shown; 1 a command
# failed; 2 bad usage; 3 nothing could be done.
set -u
export LC_ALL=C

here=${BASH_SOURCE[0]%"${BASH_SOURCE[0]##*/}"}
# shellcheck source=scripts/setup.sh
. "${here:-./}../../scripts/setup.sh"

is_applying=false
is_done=true

fail() { # CODE TEXT
    say "onemiss: $2"
    exit "$1"
}

run() { # shows a command, and runs it when that is asked for
    is_done=false
    printf '    %s\n' "$*"
    [ $is_applying = false ] || "$@" >&2 </dev/null || fail 1 "it failed: $*"
}

while [ $# -gt 0 ]; do
    case $1 in
    --apply) is_applying=true ;;
    -h | --help)
        sed -n '3,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        exit
        ;;
    *) fail 2 "unknown option '$1'; --help shows those that there are" ;;
    esac
    shift
done
[ "$(uname -s)" = Darwin ] || fail 3 "this is no Mac; for Linux: packaging/setup/linux.sh"

say "onemiss: the lab runs on Linux only; on a Mac the headers and their tests can be built"
if xcode-select -p >/dev/null 2>&1; then
    echo "command-line tools: installed"
else
    echo "command-line tools: missing; a window asks for consent, then run this again"
    run xcode-select --install
    [ $is_applying = false ] || exit 0
fi
command -v brew >/dev/null || fail 3 "there is no Homebrew; its own page says how: https://brew.sh"
[ $is_applying = false ] || [ "$(id -u)" -ne 0 ] || fail 3 "Homebrew refuses root: leave sudo out"

missing=
# shellcheck disable=SC2046,SC2086
for name in $(packages_in homebrew $packages_run libcmocka-dev); do
    if brew list --versions "$name" >/dev/null 2>&1; then
        echo "$name: installed"
    else
        echo "$name: missing"
        missing="$missing $name"
    fi
done
# shellcheck disable=SC2086
[ -z "$missing" ] || run brew install $missing
if [ $is_done = true ]; then
    echo "nothing to do: all is installed"
elif [ $is_applying = false ]; then
    echo "to do this: --apply"
fi
