#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the completions and the manual page promise, case by case; each function whose name
# has no leading underscore is a case, named after its promise.
#
#   test_completion.sh ONEMISS [PATTERN]
#
# The program is copied beside maps of our own names, empty files: names are all that is
# asked for. Prints `ok NAME`, `FAILED NAME: detail` or `skipped NAME: reason`, last
# `N passed, N failed`.
set -u
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
pattern=${2-}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/onemiss-completion.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

mkdir -p "$scratch/bin"
cp "$1" "$scratch/bin/onemiss" || exit 1
export PATH="$scratch/bin:$PATH"

# A name that runs something in every shell that reads it as more than text.
hostile="qq; touch HIT1 \$(touch HIT2) \`touch HIT3\` & it's [a]:b* \\"
for build in native v3 baseline; do
    mkdir -p "$scratch/bin/subjects/$build"
    for name in alpha beta_one beta_two "$hostile" $'zz\nnew line' 'a,comma'; do
        : >"$scratch/bin/subjects/$build/$name.so"
    done
done
for shell in bash zsh fish; do
    onemiss completion $shell >"$scratch/script.$shell" || exit 1
done
onemiss manual >"$scratch/onemiss.1" || exit 1
commands=$(onemiss --help | sed -n '/^Commands/,/^$/s/^  \([a-z-]*\) .*/\1/p')

# ---- helpers ----

_fail() { # DETAIL: ends the case
    printf '%s\n' "$*" | head -n 20 | tr '\n' ' ' >"$scratch/detail"
    exit 1
}

_skip() {
    printf '%s' "$*" >"$scratch/detail"
    exit 77
}

_needs() { # TOOL
    command -v "$1" >/dev/null || _skip "no $1"
}

_is() { # WHAT GOT WANTED
    [ "$2" = "$3" ] || _fail "$1: '$2', not '$3'"
}

_line() { # joins lines
    paste -sd ' '
}

# What bash offers for the last word, on a line; "<files>" where it is left to readline.
_bash() { # WORDS
    # shellcheck disable=SC2016
    bash --norc -c '
        . "$1"
        compopt() { [ "$*" = "-o default" ] && COMPREPLY+=("<files>"); }
        shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _onemiss "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' _ "$scratch/script.bash" "$@" 2>&1 | sort | _line
}

_bash_offers() { # WANTED WORDS
    local wanted=$1
    shift
    _is "bash: $*" "$(_bash "$@")" "$wanted"
}

# What fish offers for a line, likewise, without its descriptions.
_fish_offers() { # WANTED LINE
    # shellcheck disable=SC2016
    _is "fish: $2" "$(fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
        "$scratch/script.fish" "$2" 2>&1 | cut -f 1 | LC_ALL=C sort | _line)" "$1"
}

# Types lines into zsh, each with a tab behind it: what became of them, line by line.
_zsh() { # LINES
    cat >"$scratch/type.zsh" <<'END'
zmodload zsh/zpty || exit 77
script=$1 out=$2
shift 2
: >$out
reached() {
    local i
    for ((i = 0; i < 1000; i++)); do
        (( $(wc -l <$out) >= $1 )) && return
        sleep 0.02
    done
    print -r "nothing came after line $(($1 - 1))"
    exit 1
}
zpty z zsh -f -i
zpty -w z "PS1=; autoload -U compinit; compinit -D -u; source ${(q)script}
show() { print -r -- \"\$BUFFER\" >>${(q)out}; BUFFER=; }
zle -N show; bindkey '^X^X' show; bindkey '^I' expand-or-complete; print ready >>${(q)out}"
integer n=1
reached 1
for line; do
    zpty -w -n z "$line"$'\t\x18\x18'
    reached $((++n))
done
zpty -d z
sed 1d $out
END
    TERM=dumb zsh -f "$scratch/type.zsh" "$scratch/script.zsh" "$scratch/typed" "$@"
}

_zsh_makes() { # LINE BECOMES LINE BECOMES ...
    local -a lines=()
    local wanted=''
    while [ $# -gt 0 ]; do
        lines+=("$1")
        wanted+=$2$'\n'
        shift 2
    done
    local got
    got=$(_zsh "${lines[@]}") || _fail "zsh: $got"
    while IFS= read -r -u 3 line && IFS= read -r -u 4 line_wanted; do
        _is 'zsh' "$line" "$line_wanted"
    done 3<<<"$got" 4<<<"${wanted%$'\n'}"
    _is 'zsh, lines' "$(wc -l <<<"$got")" "${#lines[@]}"
}

_nothing_was_hit() {
    local file
    for file in "$PWD"/HIT*; do
        [ ! -e "$file" ] || _fail "the name of a map was executed: ${file##*/}"
    done
}

_options() { # COMMAND: its long options, by its help, on a line
    onemiss "$1" --help | sed -nE 's/^  (-[a-z], |    )(--[a-z-]+) .*/\2/p' | sort | _line
}

_letters() { # COMMAND
    onemiss "$1" --help | sed -nE 's/^  (-[a-z]), .*/\1/p' | sort | _line
}

# ---- nothing is forgotten ----

every_option_is_in_every_script_and_in_the_manual() {
    local command text wanted
    [ "$(wc -w <<<"$commands")" -ge 6 ] || _fail "too few commands: $commands"
    for command in $commands; do
        wanted=$(_options "$command")
        [[ " $wanted " == *" --help "* ]] || _fail "$command --help shows no options"
        _is "bash, $command" "$(_bash onemiss "$command" -- )" "$wanted"
        text=$(sed -n "/^    $command)/,/^        ;;/p" "$scratch/script.zsh")
        _is "zsh, $command" \
            "$(grep -oE -- "--[a-z-]+=?(\}'|\[)" <<<"$text" | grep -oE -- '--[a-z-]+' | sort | _line)" \
            "$wanted"
        text=$(grep -F -- "'__onemiss_is $command'" "$scratch/script.fish")
        _is "fish, $command" \
            "$(sed -nE 's/.* -l ([a-z-]+) .*/--\1/p' <<<"$text" | sort | _line)" "$wanted"
        text=$(sed -n "/^\.Ss onemiss $command\b/,/^\.Ed/p" "$scratch/onemiss.1")
        _is "manual, $command" \
            "$(sed -nE 's/^\.It .*Fl -([a-z-]+).*/--\1/p' <<<"$text" | sort | _line)" "$wanted"
        grep -qxF -- "$(onemiss "$command" --help | sed -n '/^Example/{n;s/^ *//p}' | sed 's/-/\\-/g')" \
            <<<"$text" || _fail "the manual has not the example of $command"
    done
}

every_letter_is_in_every_script_and_in_the_manual() {
    local command text wanted
    for command in $commands; do
        wanted=$(_letters "$command")
        _is "bash, $command" "$(_bash onemiss "$command" - | grep -oE -- '(^| )-[a-z]\b' | tr -d ' ' | sort | _line)" \
            "$wanted"
        text=$(sed -n "/^    $command)/,/^        ;;/p" "$scratch/script.zsh")
        _is "zsh, $command" \
            "$(grep -oE -- '\{-[a-z]\+?,' <<<"$text" | grep -oE -- '-[a-z]' | sort | _line)" "$wanted"
        text=$(grep -F -- "'__onemiss_is $command'" "$scratch/script.fish")
        _is "fish, $command" \
            "$(sed -nE 's/.* -s ([a-z]) .*/-\1/p' <<<"$text" | sort | _line)" "$wanted"
        text=$(sed -n "/^\.Ss onemiss $command\b/,/^\.Ed/p" "$scratch/onemiss.1")
        _is "manual, $command" \
            "$(sed -nE 's/^\.It Fl ([a-z]) ,.*/-\1/p' <<<"$text" | sort | _line)" "$wanted"
    done
}

# An option that takes an argument must not be taken for one that does not, or the reverse.
every_argument_is_awaited() {
    local command option argument
    # shellcheck source=/dev/null
    . "$scratch/script.bash"
    # shellcheck disable=SC2317 # the script calls them
    _onemiss_files() { :; }
    # shellcheck disable=SC2317
    _onemiss_names() { :; }
    # shellcheck disable=SC2317
    _onemiss_words() { :; }
    # shellcheck disable=SC2034 # the script reads it
    typed=''
    for command in $commands; do
        while read -r option argument; do
            if _onemiss_argument "$command:$option"; then
                [ "$argument" != none ] || _fail "$command $option takes no argument"
            else
                [ "$argument" = none ] || _fail "$command $option takes an argument"
            fi
        done < <(onemiss "$command" --help |
            sed -nE 's/^  (-[a-z], |    )(--[a-z-]+) ([^ ]+)? .*/\2 \3/p' |
            awk '{ print $1, NF > 1 ? $2 : "none" }')
    done
}

what_is_completed_is_accepted() {
    local option value
    for option in --type --build --pages; do
        for value in $(_bash onemiss run $option ''); do
            onemiss run -w load_factor -i nonsense $option "$value" 2>"$scratch/err"
            grep -q "'nonsense'" "$scratch/err" || _fail "$option $value: $(cat "$scratch/err")"
        done
    done
    for value in $(_bash onemiss list --names ''); do
        onemiss list --names "$value" >"$scratch/out" 2>"$scratch/err" || _fail "--names $value"
        [ "$value" = hashes ] || [ -s "$scratch/out" ] || _fail "--names $value: nothing"
    done
    for value in $(_bash onemiss completion ''); do
        onemiss completion "$value" >/dev/null || _fail "completion $value"
    done
}

# ---- bash ----

bash_completes_commands_and_options() {
    _bash_offers run onemiss ru
    _bash_offers '--help' onemiss --h
    _bash_offers '--version' onemiss --v
    _bash_offers '--workload' onemiss run --work
    _bash_offers '--memory-limit' onemiss run -w load_factor --mem
    _bash_offers '' onemiss layout --repe
    _bash_offers '' onemiss nonsense -
    _bash_offers list onemiss help li
    _bash_offers zsh onemiss completion z
    _bash_offers '--help -h' onemiss completion -
}

bash_completes_arguments() {
    _bash_offers load_factor onemiss run -w loa
    _bash_offers load_factor onemiss run --workload loa
    _bash_offers load_factor onemiss run --workload = loa
    _bash_offers -wload_factor onemiss run -wloa
    _bash_offers "$(onemiss list --names workloads | sort | _line)" onemiss run -w ''
    _bash_offers "$(onemiss list --names workloads | sort | _line)" onemiss run --workload =
    _bash_offers 'str u64' onemiss run -t ''
    _bash_offers '4k default thp' onemiss run --pages ''
    _bash_offers 'baseline native v3' onemiss list --build ''
    _bash_offers '1 16 4 64 clustered growing half hit hit_dependent miss oldest random reserved sequential uniform zipf' onemiss run -k ''
    _bash_offers typical_web onemiss run -o t
    _bash_offers clock,latency onemiss run --with clock,lat
    _bash_offers beta_one onemiss run -n 10 -i beta_o
    _bash_offers '' onemiss run -n ''
    _bash_offers '' onemiss run --seed 1
    _bash_offers '' onemiss run --bare = ''
}

bash_completes_behind_a_comma() {
    _bash_offers alpha,beta_one onemiss compare -i alpha,beta_o
    _bash_offers 'alpha,beta_one alpha,beta_two' onemiss compare -i alpha,b
    _bash_offers 'alpha,beta_two,beta_one' onemiss compare -i alpha,beta_two,b
    _bash_offers '' onemiss compare -i alpha,al
    _bash_offers 'u64,str' onemiss compare -t u64,
    _bash_offers --map=alpha,beta_one onemiss compare --map=alpha,beta_o
    _bash_offers -ialpha,beta_one onemiss compare -ialpha,beta_o
    _bash_offers '' onemiss run -i alpha,b # which takes one
}

bash_leaves_files_to_readline() {
    _bash_offers '<files>' onemiss run --json ''
    _bash_offers '<files>' onemiss run --json = x
    _bash_offers '<files>' onemiss run --keys /tm
    _bash_offers '<files>' onemiss run -i ./m
    mkdir folder
    : >folder/mine.so
    _bash_offers alpha,folder/mine.so onemiss compare -i alpha,folder/
}

# ---- zsh, fish ----

zsh_completes() {
    _needs zsh
    zsh -n "$scratch/script.zsh" 2>"$scratch/err" || _fail "$(cat "$scratch/err")"
    : >a_file
    local rows=(
        'onemiss ru' 'onemiss run '
        'onemiss help lay' 'onemiss help layout '
        'onemiss completion z' 'onemiss completion zsh '
        'onemiss run --work' 'onemiss run --workload='
        'onemiss run -w loa' 'onemiss run -w load_factor '
        'onemiss run --workload=loa' 'onemiss run --workload=load_factor '
        'onemiss run -wloa' 'onemiss run -wload_factor '
        'onemiss run -i alp' 'onemiss run -i alpha '
        'onemiss compare -i alpha,beta_o' 'onemiss compare -i alpha,beta_one '
        'onemiss compare --map=alpha,beta_t' 'onemiss compare --map=alpha,beta_two '
        'onemiss compare -i alpha,al' 'onemiss compare -i alpha,al'
        'onemiss run -i alpha,beta_o' 'onemiss run -i alpha,beta_o'
        'onemiss run --pages t' 'onemiss run --pages thp '
        'onemiss run --with clock,lat' 'onemiss run --with clock,latency '
        'onemiss run --json a_f' 'onemiss run --json a_file '
        'onemiss run -i ./a_f' 'onemiss run -i ./a_file '
        'onemiss run -n a_f' 'onemiss run -n a_f'
        'onemiss list --names inst' 'onemiss list --names instruments '
    )
    _zsh_makes "${rows[@]}"
}

fish_completes() {
    _needs fish
    fish --no-config -n "$scratch/script.fish" 2>"$scratch/err" || _fail "$(cat "$scratch/err")"
    : >a_file
    local command
    _fish_offers "$(printf '%s\n' "$commands" help | sort | _line)" 'onemiss '
    for command in $commands; do
        _fish_offers "$(_options "$command")" "onemiss $command --"
    done
    _fish_offers layout 'onemiss help lay'
    _fish_offers zsh 'onemiss completion z'
    _fish_offers load_factor 'onemiss run -w load_f'
    _fish_offers --workload=load_factor 'onemiss run --workload=load_f'
    _fish_offers 'str u64' 'onemiss run -t '
    _fish_offers 'alpha,beta_one alpha,beta_two' 'onemiss compare -i alpha,beta'
    _fish_offers --map=alpha,beta_one 'onemiss compare --map=alpha,beta_o'
    _fish_offers clock,latency 'onemiss run --with clock,lat'
    _fish_offers '' 'onemiss run -n '
    _fish_offers a_file 'onemiss run --json a_f'
    _fish_offers ./a_file 'onemiss run -i ./a_f'
}

# ---- hostile names ----

a_name_that_cannot_be_typed_is_left_out() {
    _is maps "$(onemiss list --names maps)" $'alpha\nbeta_one\nbeta_two\n'"$hostile"
}

a_hostile_name_is_only_text() {
    # shellcheck disable=SC2016 # not to be expanded: that is the point
    local quoted typed='$(touch HIT4)'
    printf -v quoted %q "$hostile"
    _bash_offers "$quoted" onemiss run -i q
    _bash_offers "$quoted" onemiss run -i 'qq\;\ tou'
    _bash_offers "alpha,$quoted" onemiss compare -i alpha,q
    _bash_offers '' onemiss run -i "$typed"
    _bash "$typed" run -i q >/dev/null
    _nothing_was_hit
}

a_hostile_name_is_only_text_in_zsh() {
    _needs zsh
    local typed
    typed=$(_zsh 'onemiss run -i q' 'onemiss compare -i alpha,q') || _fail "$typed"
    _is 'zsh, lines' "$(wc -l <<<"$typed")" 2
    while IFS= read -r line; do # as bash would read it, too
        eval "set -- ${line##* -i }"
        _is zsh "${1#alpha,}" "$hostile"
    done <<<"$typed"
    _nothing_was_hit
}

a_hostile_name_is_only_text_in_fish() {
    _needs fish
    # shellcheck disable=SC2016
    fish --no-config -c 'source $argv[1]; complete -C "onemiss run -i q"' \
        "$scratch/script.fish" >"$scratch/out" 2>&1
    _is fish "$(cut -f 1 "$scratch/out")" "$hostile"
    # shellcheck disable=SC2016
    fish --no-config -c 'source $argv[1]; complete -C "onemiss compare -i alpha,q"' \
        "$scratch/script.fish" >"$scratch/out" 2>&1
    _is fish "$(cut -f 1 "$scratch/out")" "alpha,$hostile"
    _nothing_was_hit
}

# ---- help and the manual ----

help_fits_a_terminal_and_its_columns() {
    local command line
    for command in --help $commands; do
        while IFS= read -r line; do
            [ ${#line} -le 80 ] || _fail "$command: more than 80 columns: $line"
            [[ $line =~ ^'  '(-., |    )-- ]] || continue
            [[ ${line:26:1} = ' ' && ${line:27:1} != ' ' ]] || _fail "$command: not aligned: $line"
        done < <(onemiss "$command" --help 2>&1)
    done
}

help_of_a_command_is_its_help() {
    local command
    for command in $commands; do
        _is "$command" "$(onemiss help "$command")" "$(onemiss "$command" --help)"
    done
    _is help "$(onemiss help)" "$(onemiss --help)"
}

wrong_words_are_refused() {
    local words says
    while IFS='|' read -r words says; do
        # shellcheck disable=SC2086
        onemiss $words >"$scratch/out" 2>"$scratch/err"
        _is "$words: exit code" $? 2
        grep -qF -- "$says" "$scratch/err" || _fail "$words: $(cat "$scratch/err")"
        [ ! -s "$scratch/out" ] || _fail "$words: on standard output"
    done <<'END'
completion bsh|did you mean 'bash'
completion|needs
completion bash zsh|'zsh' is one word too many
manual page|'page' is one word too many
list --names mops|did you mean 'maps'
list --names maps --json x|leave --json out
help comapre|did you mean 'compare'
help run list|'list' is one word too many
END
}

the_manual_is_clean_mdoc() {
    _needs mandoc
    _is mandoc "$(mandoc -Tlint -Wwarning "$scratch/onemiss.1" 2>&1)" ''
}

the_manual_renders() {
    local text
    _needs man
    man -l "$scratch/onemiss.1" >"$scratch/out" 2>"$scratch/err" || _skip "man cannot: $(cat "$scratch/err")"
    _is 'man says' "$(cat "$scratch/err")" ''
    text=$(col -bx <"$scratch/out" 2>/dev/null || cat "$scratch/out")
    for word in NAME SYNOPSIS COMMANDS NO_COLOR 'EXIT STATUS' --memory-limit; do
        [[ $text == *"$word"* ]] || _fail "'$word' is not in the page"
    done
}

# shellcheck source=tests/lab/run_cases.sh
. "$here/run_cases.sh"
_run_cases
