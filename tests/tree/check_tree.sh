#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Holds the source tree to its own rules: one line a check, `ok NAME` or `FAILED NAME:
# detail` (or `skipped NAME: reason` where a tool is missing), last `N passed, N failed`.
#
#     check_tree.sh [--table] [--slow] [ROOT [CHECK...]]
#
# --table prints the longest functions and the files of unusual length first; --slow adds
# one_file_to_add, which builds a copy of the tree. Exit code: 0 all passed, 1 some failed,
# 2 bad usage.
#
# A check is a function check_NAME that prints one line for each thing it finds; nothing
# printed is a pass, a code of 3 a skip. tests/tree/check_canaries.sh plants a fault for
# each of them.
set -uo pipefail
export LC_ALL=C

checks="spdx dependency_law unique_file_names headers_alone function_lengths
        no_machine_paths size format shell"
most_lines=60                # of a function
most_bytes=$((1024 * 1024))  # of a file
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Werror"

# ---- the tree ----

# Every file that is tracked or would be, one a line; $@ are patterns of `git ls-files`.
files()
{
    git -C "$root" -c core.quotepath=off ls-files --cached --others --exclude-standard -- "$@" | sort -u |
        while IFS= read -r file; do
            [ -f "$root/$file" ] && printf '%s\n' "$file"
        done
    return 0
}

# ---- checks: texts ----

# What a command says of all files of a list, few calls for many files; $@ is the command.
of_files()
{
    (cd "$root" && xargs -r -d '\n' "$@")
}

check_spdx()
{
    files | grep -vE '^(docs/results|tests/fuzz/corpus)/|(^|/)LICENSE[^/]*$|\.(json|csv|png|svg|jpg|ico)$' |
        grep -vE '(^|/)[^/]*\.txt$' >"$scratch/named"
    files 'CMakeLists.txt' '*/CMakeLists.txt' >>"$scratch/named"
    sort -u "$scratch/named" >"$scratch/to_mark"
    of_files awk 'FNR <= 3 && /SPDX-License-Identifier: MIT/ { print FILENAME }' \
        <"$scratch/to_mark" | sort -u >"$scratch/marked"
    comm -23 "$scratch/to_mark" "$scratch/marked" | sed 's/$/ has no SPDX line/'
}

check_unique_file_names()
{
    files '*.c' '*.h' '*.cc' '*.sh' | awk -F/ '
        $NF in first { print $0 " has the name of " first[$NF]; next }
        { first[$NF] = $0 }'
}

# The forbidden words are put together here, so that this file does not contain them.
check_no_machine_paths()
{
    local words
    words=$(printf '%s\n' "${root%/}/" "/""work/" "/""root/")
    files | of_files grep -HnFa -e "$words" -- | cut -d: -f1,2
    return 0
}

check_size()
{
    files | of_files stat -c '%s %n' -- |
        awk -v most="$most_bytes" '{ n = $1 } n > most { sub(/^[0-9]+ /, ""); print $0 " has " n " bytes" }'
    files | grep -v '\.png$' | of_files grep -laP '\x00' -- | sed 's/$/ is binary/'
    return 0
}

# ---- checks: includes ----

# Lines `FILE LINE TARGET`: what each file of ours includes; files of the tree as paths from
# its root, others as they stand, macros as themselves.
includes()
{
    local all="$scratch/sources" file
    files 'include/*.h' 'lab/*.c' 'lab/*.h' >"$all"
    [ -s "$all" ] || return 1
    set --
    while IFS= read -r file; do
        set -- "$@" "$file"
    done <"$all"
    (cd "$root" && awk -v all="$all" '
        BEGIN { while ((getline line <all) > 0) exists[line] = 1 }

        function plain(path)
        {
            gsub(/\/\.\//, "/", path)
            while (match(path, /[^\/]+\/\.\.\//))
                path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
            return path
        }

        function resolve(name, mark,    here)
        {
            here = FILENAME
            sub(/[^\/]*$/, "", here)
            if (mark == "\"" && (plain(here name) in exists))
                return plain(here name)
            if (plain("include/" name) in exists)
                return plain("include/" name)
            if (plain("lab/" name) in exists)
                return plain("lab/" name)
            return mark name (mark == "<" ? ">" : mark)
        }

        /^[ \t]*#[ \t]*include/ {
            name = $0
            sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
            mark = substr(name, 1, 1)
            if (mark == "\"" || mark == "<") {
                name = substr(name, 2)
                sub(/[">].*/, "", name)
                name = resolve(name, mark)
            }
            print FILENAME, FNR, name
        }' "$@")
}

# DESIGN.md, "Dependency law": core <- map headers <- lab/subject*.h <- lab/subjects;
# formats knows texts and nothing of the lab.
check_dependency_law()
{
    includes >"$scratch/includes" || echo "there is nothing to look at"
    awk '
        function is_system(to)  { return to ~ /^</ && to !~ /^<onemiss\// }
        function is_core(to)    { return to ~ /^include\/onemiss\/core\// }
        function is_bottom(to)  { return is_core(to) || to == "include/onemiss/contract.h" }
        function is_include(to) { return to ~ /^include\// }
        function is_border(to)  { return to ~ /^lab\/subject[^\/]*\.h$/ }
        function is_subject(to) { return to ~ /^lab\/subjects\// }
        function is_macro(to)   { return to ~ /^[A-Z]/ }
        function is_runner(to)  { return to ~ /^lab\/(runner|child|plan|cell)\.h$/ }

        # May `from` include `to`?
        function is_lawful(from, to)
        {
            if (is_core(from))
                return is_core(to) || is_system(to)
            if (from ~ /^include\/onemiss\/[^\/]*$/)
                return is_core(to) || (is_bottom(to) && !is_bottom(from))
            if (is_include(from))
                return is_include(to) || is_system(to)
            if (is_border(from))
                return is_border(to) || to == "include/onemiss/contract.h" ||
                       to == "SUBJECT_HEADER" || is_system(to)
            if (is_subject(from) || from == "lab/subject_design.c")
                return is_border(to) || is_subject(to) || is_include(to) ||
                       is_system(to) || is_macro(to)
            if (match(from, /^lab\/(stats|sim)\//))
                return is_system(to) || index(to, substr(from, 1, RLENGTH)) == 1
            if (from ~ /^lab\/formats\//)
                return is_system(to) || to ~ /^lab\/(formats\/|complaint\.h$|number\.h$)/
            if (from ~ /^lab\/report\// && (is_runner(to) || is_border(to)))
                return 0
            return is_system(to) || is_bottom(to) || (to ~ /^lab\// && !is_subject(to))
        }

        !is_lawful($1, $3) { print $1 ":" $2 " includes " $3 }' "$scratch/includes"
}

# ---- checks: headers ----

# Those that are here: `NAME LANGUAGE` lines. The canaries are content with one of each.
compilers()
{
    local name language
    for name in ${CHECK_TREE_COMPILERS:-gcc clang g++ clang++}; do
        language=c
        [[ $name != *++ ]] || language=c++
        command -v "$name" >"$scratch/null" && echo "$name $language"
    done
}

# Compiles the files `$3...` as `$2` with compiler `$1`; complaints go to standard output.
compile()
{
    local compiler=$1 language=$2 flags="-std=c11 -Wstrict-prototypes"
    [ "$2" = c ] || flags="-std=c++17"
    shift 2
    # shellcheck disable=SC2086 # words on purpose
    "$compiler" $flags $warnings -I "$root/include" -fsyntax-only -x "$language" "$@" 2>&1
}

# Prints a finding for each text that does not compile, with its first error. Nearly always
# all do, and one call is enough to know.
must_compile()
{
    local i
    compile "$1" "$2" "$scratch"/good.*.text >"$scratch/complaints" && return
    for ((i = 0; i < ${#good[@]}; i++)); do
        compile "$1" "$2" "$scratch/good.$i.text" >"$scratch/complaints" ||
            echo "${good[i]} with $1: $(sed -n "s|^$root/||; /error/{p;q;}" "$scratch/complaints")"
    done
}

# Prints a finding for each text that compiles, or that fails to without its sentence.
must_refuse()
{
    local i
    for ((i = 0; i < ${#bad[@]}; i++)); do
        if compile "$1" "$2" "$scratch/bad.$i.text" >"$scratch/complaints"; then
            echo "${bad[i]} compiles with $1"
        elif ! grep -q "error: .*onemiss: .*${why[i]}" "$scratch/complaints"; then
            echo "${bad[i]} with $1 does not say \"${why[i]}\""
        fi
    done
}

# The text of a file with one map of header `$1`, name `$2`, key `$3` and, if any, value.
map_text()
{
    echo "#define OM_NAME $2"
    echo "#define OM_KEY $3"
    [ $# -lt 4 ] || echo "#define OM_VALUE $4"
    echo "#include <$1>"
}

# The macros of ours that standard input leaves defined.
macros()
{
    "$c_compiler" -std=c11 -x c -I "$root/include" -dM -E - 2>&1 |
        sed -n 's/^#define \(OM_[A-Za-z0-9_]*\).*/\1/p' | sort
}

# compiles WHAT, refused WHAT SAYS: tells the file of the next text.
compiles()
{
    text=$scratch/good.${#good[@]}.text
    good+=("$1")
}

refused()
{
    text=$scratch/bad.${#bad[@]}.text
    bad+=("$1") why+=("$2")
}

plain_header()
{
    compiles "$1 alone"
    printf '#include <%s>\n' "$1" "$1" >"$text"
}

map_header()
{
    compiles "$1, u64 to u64"
    map_text "$1" a uint64_t uint64_t >"$text"
    compiles "$1, u64 set"
    map_text "$1" a uint64_t >"$text"
    compiles "$1 twice, with strings"
    {
        map_text "$1" a om_string om_string
        map_text "$1" b om_string
    } >"$text"
    refused "$1 without OM_NAME" "define OM_NAME"
    map_text "$1" a uint64_t | sed 1d >"$text"
    refused "$1 without OM_KEY" "define OM_KEY"
    map_text "$1" a uint64_t | sed 2d >"$text"
    refused "$1 with a struct key and no OM_HASH" "define OM_HASH"
    {
        echo 'typedef struct point { int x, y; } point;'
        map_text "$1" a point
    } >"$text"
}

# Each header compiles alone; what a map header was told it forgets.
check_headers_alone()
{
    local header name language rows c_compiler text
    local -a good=() bad=() why=()
    compilers >"$scratch/compilers"
    c_compiler=$(awk '$2 == "c" { print $1; exit }' "$scratch/compilers")
    [ -n "$c_compiler" ] || return 3
    files 'include/onemiss/*.h' | sed 's|^include/||' >"$scratch/headers"
    [ -s "$scratch/headers" ] || echo "there is no header"
    while IFS= read -r header; do
        rows=plain_header
        case $header in
        onemiss/contract.h) ;;
        onemiss/*/*) ;;
        *) rows=map_header ;;
        esac
        if [ $rows = plain_header ] && grep -q 'OM_FN' "$root/include/$header"; then
            continue # a part of a map header, without a guard
        fi
        if grep -q '<xxhash.h>' "$root/include/$header" && ! has_xxhash; then
            continue
        fi
        [ $rows = plain_header ] && echo "#include <$header>" >>"$scratch/plain.h"
        $rows "$header"
    done <"$scratch/headers"
    while read -r name language; do
        must_compile "$name" "$language"
        must_refuse "$name" "$language"
    done <"$scratch/compilers"
    check_macros_forgotten
}

has_xxhash()
{
    echo '#include <xxhash.h>' | "$c_compiler" -x c -fsyntax-only - 2>"$scratch/null"
}

check_macros_forgotten()
{
    local header
    [ -s "$scratch/plain.h" ] || return 0
    macros <"$scratch/plain.h" >"$scratch/macros_before"
    grep -v '/.*/' "$scratch/headers" | grep -v '/contract.h' | while IFS= read -r header; do
        { cat "$scratch/plain.h"; map_text "$header" a om_string om_string; } | macros |
            comm -13 "$scratch/macros_before" - |
            sed "s|^|$header leaves a macro behind: |"
    done
}

# ---- checks: shape ----

# Lines `LENGTH FILE:LINE NAME` for every function, from its `{` to its `}`, both in
# column 0 as clang-format puts them. `excused` follows when the comment above says
# "Longer than N lines", and why.
functions()
{
    # shellcheck disable=SC2016 # the dollars are awk's
    files 'include/*.h' 'lab/*.c' 'lab/*.h' | of_files awk '
        FNR == 1 { excused = head = start = "" }
        /Longer than [0-9]+ lines/ { excused = "excused" }
        /^[A-Za-z_]/ { head = $0; next }
        /^\{/ { start = FNR; next }
        /^\}/ && start {
            gsub(/OM_TYPE\([a-z_]*\)/, "type", head)
            name = "?"
            if (match(head, /[A-Z_]+FN\([a-z_0-9]+\)/))
                name = substr(head, RSTART, RLENGTH)
            else if (match(head, /[A-Za-z_0-9]+\(/))
                name = substr(head, RSTART, RLENGTH - 1)
            print FNR - start + 1, FILENAME ":" start, name, excused
            start = 0
        }
        /^\}/ { excused = "" }'
}

check_function_lengths()
{
    functions >"$scratch/functions"
    [ -s "$scratch/functions" ] || echo "there is no function"
    awk -v most="$most_lines" '
        $1 > most && $4 == "" { print $2 " " $3 " has " $1 " lines" }' "$scratch/functions"
}

print_table()
{
    functions | sort -rn | head -n 15 | awk '{ printf "%5d  %-48s %s\n", $1, $2, $3 }'
    files '*.c' '*.h' '*.cc' '*.cpp' '*.sh' '*.cmake' | while IFS= read -r file; do
        lines=$(wc -l <"$root/$file")
        if [ "$lines" -lt 1 ] || [ "$lines" -gt 1000 ]; then
            printf '%5d  %s\n' "$lines" "$file"
        fi
    done
}

# ---- checks: tools ----

check_format()
{
    local file
    clang-format --version 2>"$scratch/null" | grep -q 'version 14\.' || return 3
    set --
    while IFS= read -r file; do
        set -- "$@" "$file"
    done < <(files '*.c' '*.h' '*.cc' '*.cpp')
    [ $# -gt 0 ] || return 0
    (cd "$root" && clang-format --dry-run -Werror "$@" 2>&1) | awk -F: '
        / error: / { if (n[$1]++ == 0) first[$1] = $2 }
        END { for (file in n) print file ":" first[file] " and " n[file] - 1 " more places" }' |
        sort
}

check_shell()
{
    local file
    command -v shellcheck >"$scratch/null" || return 3
    set --
    while IFS= read -r file; do
        case $file in
        *.sh) ;;
        *.*) continue ;;
        *) head -n 1 "$root/$file" | grep -Eq '^#!.*sh( .*)?$' || continue ;;
        esac
        set -- "$@" "$file"
    done < <(files)
    [ $# -gt 0 ] || return 0
    (cd "$root" && shellcheck -x -f gcc "$@") | sed 's/^\([^:]*:[0-9]*\):[0-9]*:/\1:/'
    return 0
}

# ---- checks: one file to add ----

# Adds the file `$2`: the file `$1`, changed by the sed script `$3`.
add_file()
{
    sed "$3" "$copy/$1" >"$copy/$2"
}

# The evidence, git's own account of what was added, goes to standard error.
check_one_file_to_add()
{
    local copy="$scratch/copy" name
    mkdir "$copy"
    (cd "$root" && files | tar cf - -T -) | tar xf - -C "$copy"
    git -C "$copy" init -q
    git -C "$copy" add -A
    git -C "$copy" -c user.name=check -c user.email=check@localhost commit -qm before
    add_file include/onemiss/open_addressing.h include/onemiss/added_map.h ''
    add_file lab/workloads/load_factor.c lab/workloads/added_workload.c \
        's/workload_load_factor/workload_added_workload/; s/"load_factor"/"added_workload"/'
    add_file lab/instruments/clock.c lab/instruments/added_instrument.c \
        's/instrument_clock/instrument_added_instrument/; s/"clock"/"added_instrument"/'
    add_file lab/subjects/empty.c lab/subjects/added_subject.c ''
    if ! (cd "$copy" && cmake --preset release && cmake --build --preset release) \
        >"$scratch/build" 2>&1; then
        echo "the copy does not build: $(grep -m 1 -i error "$scratch/build")"
        return 0
    fi
    "$copy/build/release/bin/onemiss" list >"$scratch/list" 2>&1 ||
        echo "onemiss list ended with $?"
    for name in added_map added_workload added_instrument added_subject; do
        grep -q "^  $name " "$scratch/list" || echo "onemiss list does not show $name"
    done
    git -C "$copy" add -A
    git -C "$copy" diff --cached --stat >&2
    git -C "$copy" diff --cached --name-status | awk '
        /^A.*\/added_[a-z]+\.[ch]$/ { n_added++; next }
        { print "also changed: " $0 }
        END { if (n_added != 4) print n_added + 0 " files were added, not 4" }'
}

# ---- the report ----

# Runs a check and prints its line; details are joined, at most 12 of them.
report()
{
    local code=0
    "check_$1" >"$scratch/found" || code=$?
    if [ -s "$scratch/found" ]; then
        echo "FAILED $1: $(awk 'NR <= 12 { printf "%s%s", (NR > 1 ? "; " : ""), $0 }
            END { if (NR > 12) printf "; and %d more", NR - 12 }' "$scratch/found")"
        n_failed=$((n_failed + 1))
    elif [ $code -eq 3 ]; then
        echo "skipped $1: its tool is not installed"
    elif [ $code -ne 0 ]; then
        echo "FAILED $1: the check itself broke"
        n_failed=$((n_failed + 1))
    else
        echo "ok $1"
        n_passed=$((n_passed + 1))
    fi
}

has_table=false
while [ $# -gt 0 ]; do
    case $1 in
    --table) has_table=true ;;
    --slow) checks="$checks one_file_to_add" ;;
    -*)
        sed -n '6s/^# */usage: /p' "$0" >&2
        exit 2
        ;;
    *) break ;;
    esac
    shift
done
root=$(git -C "${1:-.}" rev-parse --show-toplevel) || exit 2
if [ -z "$(files)" ]; then
    echo "check_tree: there are no files in $root" >&2
    exit 2
fi
[ $# -le 1 ] || checks=${*:2}
for check in $checks; do
    if [ "$(type -t "check_$check")" != function ]; then
        echo "check_tree: there is no check \"$check\"" >&2
        exit 2
    fi
done
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

[ $has_table = false ] || print_table
n_passed=0 n_failed=0
for check in $checks; do
    report "$check"
done
echo "$n_passed passed, $n_failed failed"
[ $n_failed -eq 0 ]
