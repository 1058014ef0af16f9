#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Makes check_tree.sh prove that it can fail: a small sound tree must pass every check, and
# with each of the faults below, planted one at a time, the named check must find it.
#
#     check_canaries.sh
#
# one_file_to_add has no canary here: it needs a real build.
set -uo pipefail

export CHECK_TREE_COMPILERS="gcc g++" # then the one that the fault is for
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
sound=$scratch/sound
tree=$scratch/tree
n_passed=0 n_failed=0

# ---- the sound tree ----

# Writes standard input to `$1` in the tree, under an SPDX line.
put()
{
    mkdir -p "$(dirname "$tree/$1")"
    case $1 in
    *.[ch]) echo '/* SPDX-License-Identifier: MIT */' ;;
    *) printf '#!/bin/sh\n# SPDX-License-Identifier: MIT\n' ;;
    esac >"$tree/$1"
    cat >>"$tree/$1"
}

# A file that includes what the arguments say, and defines a name of its own.
put_includer()
{
    local file=$1 name
    name=$(basename "$file" | tr . _)
    shift
    {
        case $file in
        *.h) printf '#ifndef GUARD_%s\n#define GUARD_%s\n' "$name" "$name" ;;
        esac
        for target in "$@"; do
            printf '#include %s\n' "$target"
        done
        printf '\nextern int %s;\n' "$name"
        case $file in
        *.h) printf '\n#endif\n' ;;
        esac
    } | put "$file"
}

# A function of `$2` lines at the end of a file, under a comment if there is one.
put_function()
{
    {
        printf '\n%sint f(int x)\n{\n' "${3:-}"
        for _ in $(seq $(($2 - 3))); do
            echo '  x++;'
        done
        printf '  return x;\n}\n'
    } >>"$tree/$1"
}

put_map()
{
    put "$1" <<'END'
#include "contract.h"

#ifndef OM_NAME
#error "onemiss: define OM_NAME"
#endif
#ifndef OM_KEY
#error "onemiss: define OM_KEY"
#endif
#if !defined(OM_HASH) && !OM_PASTE(OM_KNOWN_, OM_KEY)
#error "onemiss: define OM_HASH"
#endif

typedef struct OM_NAME {
    OM_KEY key;
#ifdef OM_VALUE
    OM_VALUE value;
#endif
} OM_NAME;

#undef OM_NAME
#undef OM_KEY
#undef OM_VALUE
END
}

make_sound()
{
    tree=$sound
    mkdir -p "$tree"
    printf '# SPDX-License-Identifier: MIT\nBasedOnStyle: LLVM\nBreakBeforeBraces: Linux\n' >"$tree/.clang-format"
    put_includer include/onemiss/core/base.h '<stdint.h>'
    put_includer include/onemiss/contract.h '"core/base.h"'
    cat >>"$tree/include/onemiss/contract.h" <<'END'
#ifndef OM_PASTE
#define OM_PASTE_(a, b) a##b
#define OM_PASTE(a, b) OM_PASTE_(a, b)
#define OM_KNOWN_uint64_t 1
#define OM_KNOWN_om_string 1
typedef struct om_string {
  char *pointer;
} om_string;
#endif
END
    put_map include/onemiss/probing.h
    put_includer lab/subject.h '<onemiss/contract.h>'
    put_includer lab/subject_design.c '"subject.h"' SUBJECT_HEADER
    put_includer lab/subjects/peer.c '"subject.h"' '<stdlib.h>'
    put_includer lab/cell.h '"subject.h"'
    put_includer lab/result.h '"cell.h"'
    put_includer lab/cell.c '"cell.h"'
    put_includer lab/result.c '"result.h"'
    put_includer lab/workload.h '<onemiss/core/base.h>'
    put_includer lab/workloads/churn.c '"../workload.h"'
    put_includer lab/stats/mean.h '<stddef.h>'
    put_includer lab/stats/mean.c '"mean.h"'
    put_includer lab/complaint.h '<stdbool.h>'
    put_includer lab/formats/perf_text.c '"../complaint.h"'
    put_includer lab/report/text.h '<stdio.h>'
    put_includer lab/report/text.c '"text.h"' '"../stats/mean.h"'
    put_function lab/cell.c 60
    put_function lab/result.c 61 '/* Longer than 60 lines: it unrolls. */
'
    put run <<<'echo run'
    put tests/greet.sh <<<'echo hello'
    (cd "$tree" && find . -name '*.[ch]' -exec clang-format -i {} +)
    git -C "$tree" init -q
    tree=$scratch/tree
}

# ---- a canary ----

# The verdict on one canary, `$1` in words.
verdict()
{
    if [ "$2" = yes ]; then
        echo "ok $1"
        n_passed=$((n_passed + 1))
    else
        echo "FAILED $1: $3"
        n_failed=$((n_failed + 1))
    fi
}

# After `fault CHECK TEXT COMMAND...` the check must fail and its finding contain TEXT.
fault()
{
    local check=$1 text=$2 said
    shift 2
    rm -rf "$tree"
    cp -R "$sound" "$tree"
    "$@"
    said=$("$here/check_tree.sh" "$tree" "$check" | head -n 1)
    case $said in
    "skipped $check"*) echo "$said" ;;
    "FAILED $check: "*"$text"*) verdict "$check finds: $text" yes ;;
    *) verdict "$check finds: $text" no "$said" ;;
    esac
}

# Appends standard input, or the lines `$2...`, to a file.
append()
{
    local file=$1
    shift
    mkdir -p "$(dirname "$tree/$file")"
    printf '%s\n' "$@" >>"$tree/$file"
}

# Changes a file by a sed script.
change()
{
    sed "$2" "$tree/$1" >"$scratch/changed"
    cat "$scratch/changed" >"$tree/$1"
}

put_zero()
{
    printf 'a\0b\n' >"$tree/blob.csv"
}

put_large()
{
    head -c 1048577 "/dev/zero" | tr '\0' x >"$tree/large.csv"
}

# ---- all of them ----

make_sound
said=$("$here/check_tree.sh" "$sound")
case $said in
*FAILED*) verdict "the sound tree passes" no "$said" ;;
*) verdict "the sound tree passes" yes ;;
esac

fault spdx "notes.md has no SPDX" append notes.md one two
fault spdx "lab/late.c has no SPDX" append lab/late.c a b c '/* SPDX-License-Identifier: MIT */'

law() # FILE INCLUDE WHAT: one include too many
{
    fault dependency_law "$1:1 includes $3" change "$1" "1s|^|#include $2\n|"
}
law include/onemiss/core/base.h '"../contract.h"' include/onemiss/contract.h
law include/onemiss/core/base.h '"../../../lab/cell.h"' lab/cell.h
law include/onemiss/contract.h '"probing.h"' include/onemiss/probing.h
law include/onemiss/probing.h '<stdio.h>' '<stdio.h>'
law include/onemiss/probing.h '"probing2.h"' '"probing2.h"'
law lab/subject.h '<onemiss/probing.h>' include/onemiss/probing.h
law lab/subject.h '"cell.h"' lab/cell.h
law lab/subject.h OTHER_HEADER OTHER_HEADER
law lab/subject_design.c '"result.h"' lab/result.h
law lab/subjects/peer.c '"../cell.h"' lab/cell.h
law lab/cell.h '<onemiss/probing.h>' include/onemiss/probing.h
law lab/cell.h '"subjects/peer.c"' lab/subjects/peer.c
law lab/cell.h SUBJECT_HEADER SUBJECT_HEADER
law lab/workloads/churn.c '"../../include/onemiss/probing.h"' include/onemiss/probing.h
law lab/workloads/churn.c '  <onemiss/probing.h>' include/onemiss/probing.h
law lab/stats/mean.c '"../result.h"' lab/result.h
law lab/stats/mean.c '<onemiss/core/base.h>' include/onemiss/core/base.h
law lab/formats/perf_text.c '"../result.h"' lab/result.h
law lab/report/text.c '"../cell.h"' lab/cell.h
law lab/report/text.c '"subject.h"' lab/subject.h

fault unique_file_names "lab/workloads/mean.c has the name of" put lab/workloads/mean.c <<<''
fault unique_file_names "tests/run/greet.sh" put tests/run/greet.sh <<<''

export CHECK_TREE_COMPILERS=gcc
fault headers_alone "core/base.h alone with gcc" \
    change include/onemiss/core/base.h 's/^extern.*/extern no_such_type x;/'
fault headers_alone "core/base.h alone with gcc" \
    change include/onemiss/core/base.h 's/^extern.*/static const int x = 5000000000;/'
CHECK_TREE_COMPILERS="gcc g++" fault headers_alone "contract.h alone with g++" \
    change include/onemiss/contract.h 's/^extern.*/extern int new;/'
fault headers_alone "core/base.h alone with" \
    change include/onemiss/core/base.h '/GUARD/d; /#endif/d; s/^extern.*/struct s {int i;};/'
fault headers_alone "probing.h twice, with strings" \
    change include/onemiss/probing.h 's/^} OM_NAME;/&\nenum { once };/'
fault headers_alone "probing.h, u64 set" \
    change include/onemiss/probing.h 's/#ifdef OM_VALUE/#if 1/'
fault headers_alone "without OM_NAME with gcc does not say" \
    change include/onemiss/probing.h 's/: define OM_NAME/: a name/'
fault headers_alone "without OM_KEY with gcc does not say" \
    change include/onemiss/probing.h 's/: define OM_KEY/: a key/'
fault headers_alone "no OM_HASH compiles" change include/onemiss/probing.h '/OM_HASH/d; 12d'
fault headers_alone "leaves a macro behind: OM_KEY" \
    change include/onemiss/probing.h '/#undef OM_KEY/d'

fault function_lengths "f has 61 lines" put_function lab/workloads/churn.c 61
fault no_machine_paths "notes.txt:1" append notes.txt "see /""work/main"
fault no_machine_paths "notes.txt:2" append notes.txt "" "see /""root/x"
fault no_machine_paths "notes.txt:1" append notes.txt "see $tree/lab"
fault size "blob.csv is binary" put_zero
fault size "large.csv has 1048577 bytes" put_large
fault format "lab/cell.h" append lab/cell.h 'int  x ;'
# shellcheck disable=SC2016 # an unquoted variable for shellcheck to find
fault shell "run:4" append run 'echo $1'

echo "$n_passed passed, $n_failed failed"
[ $n_failed -eq 0 ]
