# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
# What the test of the pages and its canaries share: a small result, hostile labels in it,
# and the browser. $onemiss and $json_get are the programs. Sourced.
_opener=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/open_pages.js

# Why no page can be looked at here; nothing where it can.
_cannot_look() { # MODULES
    if ! command -v node >/dev/null; then
        echo "node is not in PATH"
    elif ! command -v chromium >/dev/null; then
        echo "chromium is not in PATH"
    elif [ ! -d "$1/playwright-core" ]; then
        echo "$1 has no playwright-core; npm brings it (scripts/setup.sh)"
    fi
}

_open_pages() { # MODULES WORDS of open_pages.js
    NODE_PATH=$1 CHROMIUM=$(command -v chromium) timeout 120 \
        node "$_opener" "${@:2}" </dev/null
}

# Two sizes, several maps and a ceiling, all that a page has sections for; the same caches on
# every machine.
_make_result() { # FILE
    local caches='[{"level":"1","type":"Data","size":"32K"},{"level":"2","type":"Unified","size":"256K"}]'
    "$onemiss" compare -w lookup -k hit -t u64 -n 1k,20k -i chaining,open_addressing,one_line_32 \
        --repeat 3 --with clock,memory,latency,cachesim,heat --json taken.json >/dev/null 2>&1 </dev/null
    sed -z "s|\"caches\": *\[[^]]*\]|\"caches\": $caches|" taken.json >cached.json
    "$json_get" --seal cached.json >"$1"
    rm taken.json cached.json
}

# Every text of that name followed by more, as JSON has it, and the seal that fits.
_put_label() { # RESULT FIELD MORE
    local more
    more=$(printf '%s' "$3" | sed 's/[\\&|]/\\&/g')
    printf 's|"%s": *"[^"]*|&%s|g\n' "$2" "$more" | sed -f - "$1" >unsealed.json
    "$json_get" --seal unsealed.json
    rm unsealed.json
}

# A result with a map that crashed, for a reason.
_put_crash() { # RESULT
    sed '0,/"status": *"ok"/s//"status": "crashed"/; s/"reason": *""/"reason": "a signal"/g' "$1" >crashed.json
    "$json_get" --seal crashed.json
    rm crashed.json
}

# Labels followed by what would harm a page that took them for markup.
_put_hostile() { # RESULT FILE
    local field label='</script></style></title><script>window.harmed=1</script>'
    label+='\"><img src=x onerror=window.harmed=1>'"=cmd|' /C calc'!A0 ../../x &lt;b>"
    sed 's/"command": *\[ *"/&x/' "$1" >"$2"
    for field in subject workload pattern key hash cpu kernel started reason part; do
        _put_label "$2" "$field" "$label" >labelled.json
        mv labelled.json "$2"
    done
}
