# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
# What ./run, ./test and packaging/setup share: packages, building, the clock. Sourced, not run.

# Packages of Debian and Ubuntu. Recommends are left out.
packages_run="gcc libc6-dev cmake ninja-build libjansson-dev libxxhash-dev"
packages_measure="strace valgrind" # and perf, in a package of each distribution's own
packages_test="$packages_run g++ clang clang-format libcmocka-dev libexpat1-dev shellcheck procps git
    zsh fish mandoc $packages_measure"

# packages_in fedora|homebrew PACKAGE...: what those of the above are called there, a line each;
# nothing for what everybody has (with Homebrew: what Xcode's command-line tools bring).
packages_in() {
    local family=$1 name
    shift
    for name in "$@"; do
        case $family:$name in
        fedora:libc6-dev) echo glibc-devel ;;
        fedora:libjansson-dev) echo jansson-devel ;;
        fedora:libxxhash-dev) echo xxhash-devel ;;
        fedora:libcmocka-dev) echo libcmocka-devel ;;
        fedora:libexpat1-dev) echo expat-devel ;;
        fedora:g++) echo gcc-c++ ;;
        fedora:clang) echo clang compiler-rt ;;
        fedora:clang-format) echo clang-tools-extra ;;
        fedora:shellcheck) echo ShellCheck ;;
        fedora:procps) echo procps-ng ;;
        homebrew:ninja-build) echo ninja ;;
        homebrew:libjansson-dev) echo jansson ;;
        homebrew:libxxhash-dev) echo xxhash ;;
        homebrew:libcmocka-dev) echo cmocka ;;
        homebrew:libexpat1-dev) echo expat ;;
        homebrew:gcc | homebrew:g++ | homebrew:clang | homebrew:libc6-dev) ;;
        *) echo "$name" ;;
        esac
    done
}

say() { printf '%s\n' "$*" >&2; }

# seconds_since T0: elapsed whole seconds, T0 from SECONDS.
seconds_since() { echo "$((SECONDS - $1)) s"; }

missing_packages() {
    local package known
    known=,$(dpkg-query -W -f '${Package} ${Status},' "$@" 2>/dev/null)
    for package in "$@"; do
        [[ $known == *",$package install ok"* ]] || printf '%s ' "$package"
    done
}

# Where there is no apt: what of the tools and libraries is missing, by its Debian package.
complain_elsewhere() {
    local tool header missing=
    for tool in cc:gcc cmake:cmake ninja:ninja-build; do
        command -v "${tool%:*}" >/dev/null || missing+=" ${tool#*:}"
    done
    for header in jansson.h:libjansson-dev xxhash.h:libxxhash-dev; do
        echo "#include <${header%:*}>" | cc -E - >/dev/null 2>&1 || missing+=" ${header#*:}"
    done
    [ -n "$missing" ] || return 0
    say "onemiss: this is no Debian or Ubuntu, and something is missing; install what these"
    say "Debian packages hold, then try again:$missing"
    say "packaging/setup/linux.sh knows their names on Fedora and Amazon Linux"
    exit 3
}

# install PACKAGE...: brings what is missing, or says what is.
install() {
    local missing log
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        complain_elsewhere
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

# install_known WHY PACKAGE...: of what is missing, what this distribution has; what it has
# not is told, and why that was wanted.
install_known() {
    local package missing why=$1
    local -a known=() root=()
    shift
    command -v apt-cache >/dev/null || return 0
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get -q update >/dev/null 2>&1 </dev/null || true # install tells why
    for package in $missing; do
        if apt-cache show "$package" >/dev/null 2>&1; then
            known+=("$package")
        else
            say "onemiss: no package $package here; $why"
        fi
    done
    install "${known[@]}"
}

# install_peers: other people's maps, as far as this distribution has them; what a map needs
# stands in the file of lab/subjects/peers that makes a subject of it.
install_peers() {
    # shellcheck disable=SC2046
    install_known "the map that needs it is left out" g++ pkg-config \
        $(sed -n 's/.*(Debian: \([^;)]*\).*/\1/p' lab/subjects/peers/*.c* | sort -u)
}

# install_npm FROM TO WHAT: by npm, in the versions and with the checksums of the folder FROM,
# into TO/node_modules. Nothing that onemiss does depends on it, so that what hinders is told
# and no more.
install_npm() {
    local from=$1 to=$2 what=$3 log
    cmp -s "$from/package-lock.json" "$to/node_modules/installed.json" && return
    command -v npm >/dev/null || (install npm) || true
    command -v npm >/dev/null || {
        say "onemiss: no npm, so no $what; install npm"
        return
    }
    mkdir -p "$to"
    cp "$from/package.json" "$from/package-lock.json" "$to"
    log=$to/npm.log
    if (cd "$to" && npm ci --ignore-scripts --omit=dev --no-audit --no-fund) >"$log" 2>&1; then
        cp "$from/package-lock.json" "$to/node_modules/installed.json"
    else
        grep -i 'err' "$log" | head -n 5 >&2
        say "onemiss: npm could not bring the $what; see $log"
    fi
}

# install_viewer BUILD_FOLDER: without it there are flame graphs in every other form.
install_viewer() {
    install_npm packaging/viewer "$1/share/onemiss/viewer" "library for flame graphs as HTML"
}

# install_browser BUILD_FOLDER: what pages are looked at with.
install_browser() {
    install_known "pages are looked at in no browser" chromium
    install_npm tests/browser "$1/browser" "modules that pages are looked at with"
}

# build FOLDER CMAKE-ARGUMENT...: configures and builds below build/, quietly.
build() {
    local folder=$1 log
    shift
    mkdir -p "$folder"
    log=$folder/build.log
    if ! { cmake -S . -B "$folder" -G Ninja "$@" && cmake --build "$folder"; } >"$log" 2>&1; then
        grep -iE -A8 'error|failed' "$log" | head -n 60 >&2
        say "onemiss: the build failed; all of it is in $log"
        exit 3
    fi
}

# The runtime of clang's sanitizers is a package of clang's own version.
install_clang_runtime() {
    local version
    command -v dpkg-query >/dev/null || return 0
    version=$(clang -dumpversion)
    install "libclang-rt-${version%%.*}-dev"
}
