#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What packaging/setup promises, case by case; each function whose name has no leading
# underscore is a case, named after its promise.
#
#   test_setup.sh [PATTERN]
#
# The scripts see a machine of files: $SETUP_ROOT holds /etc, /proc and /sys, and stand-ins
# write down how they are called and keep what is installed in a file. In PATH is nothing that
# could reach a network or a package. A script is read by a shell of its own in which the
# stand-ins are functions: starting programs would take most of the time. One case starts it
# as its user does. Prints `ok NAME` or `FAILED NAME: detail`, last `N passed, N failed`.
set -u
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
pattern=${1-}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/onemiss-setup.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# ---- the machine of files ----

mkdir "$scratch/bin"
for tool in mkdir mv rm; do
    ln -s "$(command -v $tool)" "$scratch/bin/$tool"
done

# shellcheck disable=SC2317,SC2034 # called by the scripts
_stand_ins() {
    listed() { # FILE NAME
        local text
        IFS= read -r -d '' text <"$FAKE/$1"
        [[ $'\n'$text == *$'\n'$2$'\n'* ]]
    }
    called() { echo "$*" >>"$FAKE/calls"; }
    # all or nothing, as the real ones: one name that is refused and nothing is installed
    bring_all() {
        local word
        for word in "$@"; do ! listed refused "$word" || return 100; done
        for word in "$@"; do [[ $word == -* ]] || echo "$word" >>"$FAKE/installed"; done
    }
    env() { [[ $1 == DEBIAN_FRONTEND=* ]] && "${@:2}"; }
    id() { echo "${FAKE_USER-0}"; }
    uname() { if [ "$1" = -r ]; then echo 6.8.0-1021-aws; else echo "${FAKE_SYSTEM-Linux}"; fi; }
    dpkg-query() {
        local name
        for name in "${@:4}"; do ! listed installed "$name" || printf '%s' "$name install ok installed,"; done
    }
    rpm() { listed installed "${!#}"; }
    apt-cache() { listed offered "$2"; }
    apt-get() {
        called apt-get "$@"
        [ "$2" != update ] || ! [ -e "$FAKE/offered_later" ] || mv "$FAKE/offered_later" "$FAKE/offered"
        [ "${3-}" != install ] || bring_all "${@:4}"
    }
    dnf() {
        called dnf "$@"
        bring_all "${@:4}"
    }
    xcode-select() {
        called xcode-select "$@"
        [ "$1" != -p ] || return "${FAKE_XCODE-0}"
    }
    brew() {
        if [ "$1" = list ]; then listed installed "${!#}"; else called brew "$@" && bring_all "${@:2}"; fi
    }
    sudo() { called sudo "$@"; }
    curl() { called curl "$@"; }
    git() { called git "$@"; }
}

_put() { # FILE TEXT: below the root
    [ -d "$SETUP_ROOT${1%/*}" ] || mkdir -p "$SETUP_ROOT${1%/*}"
    printf '%s\n' "$2" >"$SETUP_ROOT$1"
}

cpus=/sys/devices/system/cpu
SETUP_ROOT=$scratch/sound
_put /etc/os-release ''
_put /proc/self/mounts 'proc /proc proc rw,nosuid 0 0'
_put /proc/sys/kernel/perf_event_paranoid 4
_put /proc/sys/kernel/kptr_restrict 1
_put $cpus/cpu0/cpufreq/scaling_governor powersave
_put $cpus/cpu1/cpufreq/scaling_governor powersave
_put $cpus/intel_pstate/no_turbo 0
_put /sys/kernel/mm/transparent_hugepage/enabled 'always madvise [never]'

_machine() { # ID ID_LIKE NAME
    local file
    export FAKE=$PWD SETUP_ROOT=$PWD/root
    for file in calls installed offered refused; do : >$file; done
    rm -rf root
    cp -r "$scratch/sound" root
    _put /etc/os-release "PRETTY_NAME=\"$3\""$'\n'"ID=$1"$'\n'"ID_LIKE=\"$2\""
}

_debian() { _machine debian '' 'Debian GNU/Linux 12 (bookworm)'; }
_ubuntu() { _machine ubuntu debian 'Ubuntu 24.04.3 LTS'; }
_fedora() { _machine fedora '' 'Fedora Linux 42'; }
_amazon() { _machine amzn fedora 'Amazon Linux 2023.9.20250929'; }

# ---- checks ----

_fail() { # DETAIL: ends the case
    printf '%s\n' "$*" | head -n 20 | tr '\n' ' ' >"$scratch/detail"
    exit 1
}

_slurp() { # FILE: sets text
    IFS= read -r -d '' text <"$1"
    text=${text%$'\n'}
}

_is() { # WHAT GOT WANTED
    [ "$2" = "$3" ] || _fail "$1: '$2', not '$3'"
}

_script() { # CODE SCRIPT ARGUMENTS: out and err are what it printed
    local code=0 wanted=$1 script=$tree/packaging/setup/$2
    shift 2
    (
        _stand_ins
        PATH=$scratch/bin
        # shellcheck disable=SC1090
        . "$script" "$@"
    ) >out 2>err </dev/null || code=$?
    [ $code -eq "$wanted" ] || _fail "$script $*: exit code $code, not $wanted: $(<err)"
}

_linux() { _script 0 linux.sh "$@"; }

_says() { # FILE TEXT...
    local file=$1 word text
    shift
    _slurp "$file"
    for word in "$@"; do
        [[ $text == *"$word"* ]] || _fail "'$word' is not in $file: $text"
    done
}

_lines() { # FILE [BEGINNING]: sets n
    local all
    mapfile -t all <"$1"
    n=0
    for line in ${all[@]+"${all[@]}"}; do [[ $line != "${2-}"* ]] || n=$((n + 1)); done
}

_one_line() { # TEXT: all that standard error holds
    _says err "$1"
    _lines err
    _is 'lines on standard error' "$n" 1
}

_look() { # sets state to everything that a run could change
    local file text
    _slurp installed
    state=$text
    shopt -s globstar
    for file in root/**; do
        [ -f "$file" ] || continue
        _slurp "$file"
        state+=$'\n'"$file: $text"
    done
}

_value() { # FILE WANTED
    local text
    _slurp "root$1"
    _is "$1" "$text" "$2"
}

_no_calls() {
    [ ! -s calls ] || _fail "calls: $(<calls)"
}

_calls() { # HOW-MANY BEGINNING
    _lines calls "$2"
    _is "calls of $2" "$n" "$1"
}

# ---- dry runs ----

a_dry_run_changes_nothing_and_calls_no_network() {
    local family before
    for family in _ubuntu _fedora; do
        $family
        _look
        before=$state
        _linux --steady --tests
        _look
        _is "$family" "$state" "$before"
        _no_calls
        _says out 'dry run' '--apply, as root'
        [ ! -s err ] || _fail "$family: on standard error: $(<err)"
    done
}

a_dry_run_needs_no_root_and_applying_does() {
    _debian
    local -x FAKE_USER=1000
    _linux
    _script 3 linux.sh --apply
    _one_line sudo
    _script 3 linux.sh --undo
    _one_line sudo
    _no_calls
}

a_user_who_is_not_root_sees_the_real_machine() {
    local -a as=()
    cp -r "$tree/packaging" "$tree/scripts" .
    chmod -R a+rX "$scratch"
    if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
        as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    fi
    ${as[@]+"${as[@]}"} packaging/setup/linux.sh --settings --steady >out 2>err ||
        [ $? -eq 1 ] || _fail "$(<err)" # 1: in a container
    _says out 'a dry run' 'transparent huge pages: '
}

each_setting_says_what_it_is_why_and_what_it_exposes() {
    local text
    _debian
    _linux --steady
    _says out 'kernel.perf_event_paranoid: 4; wanted: 1 or less' \
        'kernel.kptr_restrict: 1; wanted: 0' 'frequency governor: powersave; wanted: performance' \
        'no_turbo (Intel): 0; wanted: 1' 'transparent huge pages: never; wanted: madvise or always' \
        'boost (others): not to be set on this machine'
    for text in why: exposes: echo; do
        _lines out "    $text "
        _is "$text" "$n" 5
    done
}

# ---- applying ----

a_second_time_changes_nothing_and_says_so() {
    local family before
    for family in _ubuntu _amazon; do
        $family
        echo linux-tools-6.8.0-1021-aws >offered
        _linux --apply --steady --tests
        _says out 'done; '
        _look
        before=$state
        : >calls
        _linux --apply --steady --tests
        _says out 'nothing to do' 'all are installed'
        _look
        _is "$family" "$state" "$before"
        _no_calls
    done
}

settings_are_set_and_kept_for_the_next_start() {
    _debian
    _linux --apply
    _value /proc/sys/kernel/perf_event_paranoid 1
    _value /proc/sys/kernel/kptr_restrict 0
    _value $cpus/intel_pstate/no_turbo 0 # only --steady asks for it
    _is 'what sysctl reads' "$(sed '/^#/d' root/etc/sysctl.d/90-onemiss.conf)" \
        $'kernel.perf_event_paranoid = 1\nkernel.kptr_restrict = 0'
    _linux --apply --steady
    _value $cpus/cpu1/cpufreq/scaling_governor performance
    _value $cpus/intel_pstate/no_turbo 1
    _value /sys/kernel/mm/transparent_hugepage/enabled madvise
}

what_is_more_open_already_is_left_alone() {
    _debian
    _put /proc/sys/kernel/perf_event_paranoid -1
    _put /proc/sys/kernel/kptr_restrict 0
    _put /sys/kernel/mm/transparent_hugepage/enabled '[always] madvise never'
    _linux --settings --apply
    _value /proc/sys/kernel/perf_event_paranoid -1
    _value /sys/kernel/mm/transparent_hugepage/enabled '[always] madvise never'
    _says out 'nothing to do'
    [ ! -e root/etc/sysctl.d ] || _fail 'a file was left'
}

# ---- undoing ----

undo_gives_back_what_was() {
    local before
    _debian
    _put /sys/kernel/mm/transparent_hugepage/enabled madvise
    _look
    before=$state
    _linux --apply --settings
    _put /proc/sys/kernel/perf_event_paranoid 3 # what was is noted once, at the first time
    _linux --apply --settings --steady
    _linux --undo
    _says out 'perf_event_paranoid: back from 1 to 4'
    [[ $(<out) != *'left at'* ]] || _fail "$(<out)"
    _look
    _is 'the machine' "$state" "$before"
    _linux --undo
    _says out 'nothing to undo'
}

undo_leaves_alone_what_others_have_set_since() {
    _debian
    _linux --apply --settings
    _put /proc/sys/kernel/perf_event_paranoid 2
    _linux --undo
    _value /proc/sys/kernel/perf_event_paranoid 2
    _value /proc/sys/kernel/kptr_restrict 1
    _says out 'left at 2'
}

# ---- where it cannot ----

a_container_is_told_in_one_line() {
    _debian
    _put /proc/self/mounts 'proc /proc/sys proc ro,nosuid 0 0'
    _linux --apply
    _one_line 'read-only'
    _value /proc/sys/kernel/kptr_restrict 1
    _says installed valgrind
    _script 1 linux.sh --apply --settings # asked for by name
    _one_line 'read-only'
}

an_unknown_distribution_is_told_in_debian_s_words() {
    local before
    _machine plan9 '' 'Plan 9'
    _look
    before=$state
    _script 3 linux.sh --apply
    _says err "'Plan 9'" libjansson-dev --settings
    _look
    _is 'the machine' "$state" "$before"
    _linux --apply --settings
    _value /proc/sys/kernel/kptr_restrict 0
    rm root/etc/os-release
    _script 3 linux.sh
    _script 3 macos.sh
    _one_line linux.sh
}

wrong_words_are_refused() {
    local words
    _debian
    for words in --aply '--apply --undo' '--packages --settings' now; do
        # shellcheck disable=SC2086
        _script 2 linux.sh $words
        _one_line 'onemiss: '
    done
}

# ---- packages ----

names_are_those_of_the_one_list_and_of_doctor() {
    local name names
    # shellcheck disable=SC2016
    for name in '"linux-perf"' '"linux-tools-common linux-tools-$(uname -r)"' '"perf"'; do
        _says "$tree/lab/probes_tools.c" "$name"
    done
    _debian
    _linux --tests
    # shellcheck source=scripts/setup.sh
    . "$tree/scripts/setup.sh"
    read -r -d '' -a names <<<"$packages_test"
    _says out "packages: ${names[*]} linux-perf"
    _amazon
    _linux
    _says out 'packages: gcc glibc-devel cmake ninja-build jansson-devel xxhash-devel strace valgrind perf'
}

ubuntu_s_perf_is_the_kernel_s_else_its_flavour_s_else_the_generic_one() {
    _ubuntu
    _linux
    _says out 'linux-tools-common linux-tools-6.8.0-1021-aws' # apt knows nothing yet
    echo linux-tools-generic >offered
    _linux
    _says out 'linux-tools-common linux-tools-generic'
    echo linux-tools-aws >>offered
    _linux
    _says out 'linux-tools-common linux-tools-aws'
    echo linux-tools-6.8.0-1021-aws >>offered
    _linux
    _says out 'linux-tools-common linux-tools-6.8.0-1021-aws'
    _ubuntu
    echo linux-tools-aws >offered_later
    echo linux-tools-6.8.0-1021-aws >refused
    _linux --apply --packages
    _says installed linux-tools-aws
}

a_package_that_is_not_offered_costs_itself_alone() {
    local family
    for family in _debian _amazon; do
        $family
        echo valgrind >refused
        _script 1 linux.sh --apply --packages
        _says err 'could not be installed: valgrind'
        _says installed strace cmake gcc
    done
}

# ---- the others ----

macos_shows_and_installs_once() {
    _debian
    local -x FAKE_SYSTEM=Darwin FAKE_USER=501
    _script 0 macos.sh
    _says out 'brew install cmake ninja jansson xxhash cmocka' --apply
    _says err 'the lab runs on Linux'
    _calls 0 'brew install'
    _script 0 macos.sh --apply
    _script 0 macos.sh --apply
    _says out 'nothing to do'
    _calls 1 'brew install'
    local -x FAKE_XCODE=2
    _script 0 macos.sh
    _says out 'xcode-select --install'
    FAKE_USER=0 FAKE_XCODE=0 _script 3 macos.sh --apply
    _says err 'leave sudo out'
}

# Of YAML only what this file uses: keys at the margin, lists below them, brackets that close.
the_cloud_file_has_its_form_and_calls_what_is_there() {
    local file=$tree/packaging/setup/cloud-init.yaml words
    _is 'the first line' "$(head -n 1 "$file")" '#cloud-config'
    _is 'other lines' "$(grep -vnE '^(#.*|[a-z_]+:( (true|false))?|  - ([a-z-]+|\[[^][]*\]))$' "$file")" ''
    _is keys "$(sed -n 's/^\([a-z_]*\):.*/\1/p' "$file" | paste -sd ' ')" \
        'package_update packages runcmd'
    words=$(sed -n 's|.*/opt/onemiss/packaging/setup/linux.sh, *\(.*\)]$|\1|p' "$file")
    [ -n "$words" ] || _fail 'linux.sh is not called'
    _ubuntu
    # shellcheck disable=SC2086
    _linux ${words//,/}
    _says out 'done; '
}

# shellcheck source=tests/lab/run_cases.sh
. "$here/run_cases.sh"
_run_cases
