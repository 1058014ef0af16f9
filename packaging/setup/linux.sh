#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Prepares a Linux machine to build onemiss and to measure with it: packages, and settings of
# the kernel that `onemiss doctor` asks for. Debian, Ubuntu, Fedora, Amazon Linux 2023.
#
#   linux.sh              shows what is there, what is wanted and each command; changes nothing
#   linux.sh --apply      does it, as root; a second time there is nothing left to do
#   linux.sh --undo       gives the settings back what they were before, as root
#   linux.sh --steady     also holds the clock still: governor, turbo, transparent huge pages
#   linux.sh --tests      also the packages that ./test needs
#   linux.sh --packages   only packages
#   linux.sh --settings   only settings; on any Linux
#
# What it sets of kernel.* stays after a restart, by a file of its own in /etc/sysctl.d; the
# rest, below /sys, does not. Exit code: 0 done, or shown; 1 something asked for failed; 2 bad
# usage; 3 nothing could be done. For its test: $SETUP_ROOT stands before every /etc, /proc
# and /sys.
set -u
export LC_ALL=C

here=${BASH_SOURCE[0]%"${BASH_SOURCE[0]##*/}"}
# shellcheck source=scripts/setup.sh
. "${here:-./}../../scripts/setup.sh"

is_applying=false is_undoing=false is_steady=false has_tests=false
part=all
base=${SETUP_ROOT-}
n_changes=0 n_failed=0

fail() { # CODE TEXT
    say "onemiss: $2"
    exit "$1"
}

# Shows a command, and runs it when that is asked for; its output goes to standard error.
run() {
    printf '    %s\n' "$*"
    [ $is_applying = false ] || "$@" >&2 </dev/null
}

# ---- which Linux ----

# Sets system, and family, which stays empty for one that is not known. The file is read, not
# run: it is the root folder's.
recognise() {
    local line like=' '
    family='' system='a system without /etc/os-release'
    [ -r "$base/etc/os-release" ] || return 0
    while IFS= read -r line; do
        line=${line//[\"\']/}
        case $line in
        PRETTY_NAME=*) system=${line#*=} ;;
        ID=* | ID_LIKE=*) like+="${line#*=} " ;;
        esac
    done <"$base/etc/os-release"
    case $like in
    *' ubuntu '*) family=ubuntu ;;
    *' debian '*) family=debian ;;
    *' fedora '*) family=fedora ;;
    esac
}

# ---- packages ----

# Ubuntu's perf goes by the kernel's release, else by its flavour (aws, gcp, azure); a kernel
# of one's own has neither. The first that apt knows; before its first update it knows none.
perf_of_ubuntu() {
    local release name
    release=$(uname -r)
    for name in "linux-tools-$release" "linux-tools-${release##*-}" linux-tools-generic; do
        apt-cache show "$name" >/dev/null 2>&1 && break
        name=linux-tools-$release
    done
    echo "linux-tools-common $name"
}

wanted_packages() {
    local names="$packages_run $packages_measure"
    [ $has_tests = false ] || names=$packages_test
    case $family in
    fedora)
        # shellcheck disable=SC2086
        packages_in fedora $names
        echo perf
        ;;
    ubuntu) echo "$names $(perf_of_ubuntu)" ;;
    debian) echo "$names linux-perf" ;;
    esac
}

missing_of() {
    local name
    if [ $family != fedora ]; then
        missing_packages "$@"
    else
        for name in "$@"; do
            rpm -q --whatprovides "$name" >/dev/null 2>&1 || printf '%s ' "$name"
        done
    fi
}

bring() { # PACKAGE...
    if [ $family != fedora ]; then
        run env DEBIAN_FRONTEND=noninteractive apt-get -q -y install \
            --no-install-recommends "$@"
    else
        run dnf -q -y install --setopt=install_weak_deps=False "$@"
    fi
}

# Sets wanted and missing.
compare_packages() {
    # shellcheck disable=SC2046
    set -- $(wanted_packages)
    wanted=$*
    missing=$(missing_of "$@")
}

# All at once; where that fails one by one, so that a name which this release does not know
# costs itself alone.
do_packages() {
    local wanted missing name tool=apt-get
    [ -n "$family" ] || {
        say "onemiss: '$system' is neither Debian, Ubuntu, Fedora nor Amazon Linux: install what"
        say "these Debian packages hold: $packages_run $packages_measure linux-perf"
        fail 3 "the settings alone can be had here: --settings"
    }
    [ $family != fedora ] || tool=dnf
    command -v $tool >/dev/null || fail 3 "'$system' has no $tool, so no packages"
    compare_packages
    echo "packages: $wanted"
    if [ -z "$missing" ]; then
        echo "    all are installed"
        return
    fi
    n_changes=$((n_changes + 1))
    echo "    missing: $missing"
    if [ $tool = apt-get ]; then
        run apt-get -q update || say "onemiss: apt-get update failed; its older lists must do"
        compare_packages # the list knows more names now
    fi
    # shellcheck disable=SC2086
    if ! bring $missing && [[ $missing == *' '?* ]]; then
        for name in $missing; do bring "$name" || true; done
    fi
    [ $is_applying = true ] || return 0
    # shellcheck disable=SC2086
    missing=$(missing_of $missing)
    [ -z "$missing" ] || {
        say "onemiss: could not be installed: $missing"
        n_failed=$((n_failed + 1))
    }
}

# ---- settings ----

# What was before stands in the file itself, a line `# was: FILE OLD NEW` each.
record=/etc/sysctl.d/90-onemiss.conf

# Sets present: of `always [madvise] never` the word in brackets, else the whole line.
look_at() { # FILE
    present=
    { IFS= read -r present <"$base$1"; } 2>/dev/null
    case $present in
    *'['*']'*)
        present=${present#*'['}
        present=${present%%']'*}
        ;;
    esac
}

write_value() { # FILE VALUE
    local present
    { printf '%s\n' "$2" >"$base$1"; } 2>/dev/null || return
    look_at "$1"
    [ "$present" = "$2" ]
}

# Sets kept to the lines of the record, those that it begins with if there is none yet.
look_at_record() {
    kept="# Written by packaging/setup/linux.sh of onemiss, whose --undo takes it back."$'\n'
    [ ! -e "$base$record" ] || IFS= read -r -d '' kept <"$base$record" || true
}

# Writes kept; the record is whole or as it was.
keep() {
    { [ -d "$base${record%/*}" ] || mkdir -p "$base${record%/*}"; } &&
        printf '%s' "$kept" >"$base$record.new" && mv "$base$record.new" "$base$record"
}

# Sets line to that of sysctl.d for every start; empty for what is not below /proc/sys.
sysctl_line() { # FILE VALUE
    line=${1#/proc/sys/}
    line="${line//\//.} = $2"
    [[ $1 == /proc/sys/* ]] || line=
}

# Notes what the files hold (once: the first time counts), then sets them.
change() { # VALUE FILE...
    local value=$1 file line present kept was
    shift
    n_changes=$((n_changes + 1))
    [ $is_applying = true ] || return 0
    look_at_record
    was=$kept
    for file in "$@"; do
        if [ ! -w "$base$file" ]; then
            say "onemiss: $file cannot be written here; in a container it is its host's"
            n_failed=$((n_failed + 1))
            return
        fi
        look_at "$file"
        [[ $kept == *"# was: $file "* ]] || kept+="# was: $file $present $value"$'\n'
        sysctl_line "$file" "$value"
        [[ -z $line || $kept == *$'\n'"$line"$'\n'* ]] || kept+=$line$'\n'
    done
    if [ "$kept" != "$was" ] && ! keep; then
        say "onemiss: $record cannot be written, so $1 stays as it is"
        n_failed=$((n_failed + 1))
        return
    fi
    for file in "$@"; do
        write_value "$file" "$value" || {
            say "onemiss: $file did not become $value: the kernel refuses it"
            n_failed=$((n_failed + 1))
        }
    done
}

# setting NAME VALUE ELSE WHY EXPOSES FILE...: shows it, and changes the files that have
# another value. ELSE: words `or X`, other values that will do; `or less` is any lower number.
setting() {
    local name=$1 value=$2 else=$3 why=$4 exposes=$5 file present line all=' ' differ=()
    shift 5
    for file in "$@"; do
        [ -e "$base$file" ] || continue
        look_at "$file"
        [[ $all == *" $present "* ]] || all+="$present "
        [[ $present != "$value" && "$else" != "or $present" ]] || continue
        [ "$else" = 'or less' ] && [ "$present" -lt "$value" ] 2>/dev/null && continue
        differ+=("$file")
    done
    if [ "$all" = ' ' ]; then
        echo "$name: not to be set on this machine"
        return
    fi
    all=${all# }
    echo "$name: ${all% }; wanted: $value${else:+ $else}"
    echo "    why: $why"
    echo "    exposes: $exposes"
    case ${#differ[@]} in
    0) return ;;
    1) echo "    echo $value > ${differ[0]}" ;;
    *) echo "    echo $value | tee ${differ[*]}" ;;
    esac
    sysctl_line "${differ[0]}" "$value"
    [ -z "$line" ] || echo "    at every start: $line, in $record"
    change "$value" "${differ[@]}"
}

# The kernel's variables are the host's, and most containers see them read-only.
is_sysctl_read_only() {
    local where options rest
    [ -r "$base/proc/self/mounts" ] || return 1
    while read -r _ where _ options rest; do
        [[ $where == /proc/sys && ",$options," == *,ro,* ]] && return 0
    done <"$base/proc/self/mounts"
    return 1
}

kernel_settings() {
    if is_sysctl_read_only; then
        say "onemiss: /proc/sys is read-only, as in a container: use --settings on its host"
        [ "$part" != settings ] || n_failed=$((n_failed + 1))
        return
    fi
    setting kernel.perf_event_paranoid 1 'or less' \
        "who measures may count and sample a process of theirs, inside the kernel too" \
        "to every user: finer timing of their calls into the kernel, which helps side channels" \
        /proc/sys/kernel/perf_event_paranoid
    setting kernel.kptr_restrict 0 '' \
        "perf names the kernel's functions for who is not root (with the line above)" \
        "to every user: the kernel's addresses, so that its random layout hides nothing" \
        /proc/sys/kernel/kptr_restrict
}

# What of /sys `onemiss doctor` recommends; but not SMT, which halves the processors.
steady_settings() {
    local cpus=/sys/devices/system/cpu file governors=()
    for file in "$base$cpus"/cpu[0-9]*/cpufreq/scaling_governor; do
        governors+=("${file#"$base"}")
    done
    setting 'frequency governor' performance '' \
        "the clock does not wait for load before it rises" \
        "nothing; it costs power and heat" "${governors[@]}"
    setting 'no_turbo (Intel)' 1 '' \
        "the clock does not follow heat and neighbours" \
        "nothing; it costs speed" $cpus/intel_pstate/no_turbo
    setting 'boost (others)' 0 '' \
        "the clock does not follow heat and neighbours" \
        "nothing; it costs speed" $cpus/cpufreq/boost
    setting 'transparent huge pages' madvise 'or always' \
        "--pages thp has none where they are switched off" \
        "nothing; programs that ask for them take more memory" \
        /sys/kernel/mm/transparent_hugepage/enabled
    echo "what is below /sys lasts until the next start"
}

do_settings() {
    kernel_settings
    [ $is_steady = false ] || steady_settings
}

# ---- back again ----

# What somebody else has changed since is theirs.
undo() {
    local mark was file old new present
    if [ ! -e "$base$record" ]; then
        echo "nothing to undo: there is no $record"
        return
    fi
    while read -r mark was file old new; do
        [ "$mark $was" = '# was:' ] || continue
        look_at "$file"
        if [ "$present" = "$old" ]; then
            echo "$file: is $old again already"
        elif [ "$present" != "$new" ]; then
            echo "$file: left at $present, to which somebody else has set it since"
        elif write_value "$file" "$old"; then
            echo "$file: back from $new to $old"
        else
            say "onemiss: $file could not be set back to $old"
            n_failed=$((n_failed + 1))
        fi
    done <"$base$record"
    [ $n_failed -eq 0 ] || return
    rm "$base$record" || fail 1 "$record could not be removed"
    echo "$record: removed; packages stay"
}

# ---- the command line ----

while [ $# -gt 0 ]; do
    case $1 in
    --apply) is_applying=true ;;
    --undo) is_undoing=true ;;
    --steady) is_steady=true ;;
    --tests) has_tests=true ;;
    --packages | --settings)
        [ "$part" = all ] || fail 2 "--packages or --settings, or neither for both"
        part=${1#--}
        ;;
    -h | --help)
        sed -n '3,17s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
        exit
        ;;
    *) fail 2 "unknown option '$1'; --help shows those that there are" ;;
    esac
    shift
done
[ $is_applying = false ] || [ $is_undoing = false ] || fail 2 "--apply or --undo, not both"
[ "$(uname -s)" = Linux ] || fail 3 "this is no Linux; for macOS: packaging/setup/macos.sh"
if [ $is_applying = true ] || [ $is_undoing = true ]; then
    [ "$(id -u)" -eq 0 ] || fail 3 "this changes the machine and needs root: put sudo before it"
fi

if [ $is_undoing = true ]; then
    undo
    exit $((n_failed > 0))
fi
recognise
[ $is_applying = true ] || system+=", a dry run: nothing is changed"
echo "$system"
[ "$part" = settings ] || do_packages
[ "$part" = packages ] || do_settings
if [ $n_failed -gt 0 ]; then
    exit 1
elif [ $n_changes -eq 0 ]; then
    echo "nothing to do: all that can be set is as wanted"
elif [ $is_applying = false ]; then
    echo "to do this: --apply, as root"
else
    echo "done; onemiss doctor tells what this machine can measure now"
fi
