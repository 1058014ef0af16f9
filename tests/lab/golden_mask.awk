# SPDX-License-Identifier: MIT
# Takes out of the tool's output what no two runs or machines share, and nothing else:
#
#  - the case's folder, the program's path and its version become FOLDER, PROGRAM, VERSION;
#  - in a table a measured column is a single #, with the interval beside it; what is the
#    map's own and exact stays: map, peak MiB, B/entry, allocs, resizes, and a cell's
#    status;
#  - of the paragraph on noise only its first word is left, of a manual's date only its macro;
#  - where a processor counts no events the reasons are left out; in the blocks in the
#    manner of perf stat numbers and rates are #, and what is not supported is as if it
#    were (golden.sh then makes one empty line of several);
#  - the table of the cache model is left out but for its first line and its last remark:
#    two compilers make different loads of the same source;
#  - a report of doctor keeps its headings: all below them is the machine's;
#  - in a JSON document times, counts of the machine and seals are #, and so are the
#    objects machine and noise as a whole.
#
# Variables: folder, program, version.

function replace(text, from, to,    at, out)
{
    out = ""
    while (from != "" && (at = index(text, from)) > 0) {
        out = out substr(text, 1, at - 1) to
        text = substr(text, at + length(from))
    }
    return out text
}

# Titles of two words become one, so that a title and a value are both one field.
function join_titles(text,    i, n, titles, joined)
{
    n = split("wall s,user s,sys s,peak MiB,RSS MiB,p50 ns,p90 ns,p99 ns,p99.9 ns,max us,br miss%,longest operation", titles, ",")
    for (i = 1; i <= n; i++) {
        joined = titles[i]
        sub(/ /, "_", joined)
        text = replace(text, " " titles[i], " " joined)
    }
    return text
}

# The positions where columns end, and their titles.
function read_titles(line,    i, n, at)
{
    line = join_titles(line)
    n_columns = split(line, titles, " ")
    at = 0
    for (i = 1; i <= n_columns; i++) {
        at += index(substr(line, at + 1), titles[i]) + length(titles[i]) - 1
        ends[i] = at
    }
}

function mask_row(line,    i, k, n, values, out, value)
{
    gsub(/ \[[^]]*\]/, "", line)
    n = split(line, values, " ")
    if (values[2] ~ /:$/)
        return line # a status and its reason
    out = "  " values[1]
    k = 1
    for (i = 2; i <= n_columns; i++) {
        if (titles[i] == "interval")
            continue
        value = titles[i] == "longest_operation" ? "#" : values[++k]
        if (titles[i] !~ /^(peak_MiB|B\/entry|allocs|resizes)$/)
            value = "#"
        out = sprintf("%s%*s", out, ends[i] - length(out), value)
    }
    return out
}

function mask_json(line)
{
    if (line ~ /^ "(machine|noise)": \{/) {
        is_skipping = 1
        sub(/\{.*/, "#", line)
        return line
    }
    if (match(line, /^    "[a-z0-9_]+": \{/))
        metric = substr(line, 6, RLENGTH - 9)
    if (line ~ /"value":/ && metric ~ /^(alloc_calls|free_calls|alloc_bytes|live_bytes|peak_bytes|bytes_per_entry|bytes_per_entry_without_strings|resizes)$/)
        return line
    if (line ~ /"(block|n|operations|threads|value_bytes|old_capacity|new_capacity|entry_bytes|new_bytes|items|old_bytes|repeat|level|position|line_bytes|pair_bytes|head_bytes|node_bytes|status_bits|entries_per_line|default_n|bytes|offset)":/ )
        return line
    if (line ~ /"(integrity|started|compiler|build)":/)
        sub(/: "[^"]*"/, ": \"#\"", line)
    sub(/: -?[0-9][-+.0-9e]*/, ": #", line)
    return line
}

{
    $0 = replace(replace(replace($0, folder, "FOLDER"), program, "PROGRAM"), version, "VERSION")
}

NR == 1 && /^\{/ { is_json = 1 }
is_json && is_skipping { if (/^ \}/) is_skipping = 0; next }
is_json { print mask_json($0); next }

/^Machine$/ { is_doctor = 1 }
is_doctor && /^ / { next }
is_doctor && /^Caches/ { print "Caches"; next }

/^Why: / { print "Why: #"; is_why = 1; next }
is_why && /^Simulated: / { is_why = 0 }
is_why { next }

/^  map  +/ { read_titles($0); is_table = 1; print; next }
is_table && /^  [^ ]/ { print mask_row($0); next }
{ is_table = 0 }

/^Noise: / { print "Noise: #"; is_noise = 1; next }
is_noise && /./ { next }
{ is_noise = 0 }
/^\.Dd / { print ".Dd #"; next }

# "Without a number (-)": the heading waits for the first reason that stays.
/^Without a number/ { heading = $0; is_reasons = 1; next }
is_reasons && /^  insn\/op, / { next }
is_reasons && /^  / { if (heading != "") print heading; heading = ""; print; next }
is_reasons { is_reasons = 0; if (heading != "") { heading = ""; if (/^$/) next } }

/^ Performance counter stats for/ { is_stats = 1; print; next }
is_stats && /^ <not / { is_note = 1 }
is_note { if (/^$/) is_note = 0; next }
is_stats && /seconds (time elapsed|user|sys)/ { sub(/^ *[0-9.]+/, " #"); print; next }
is_stats && /^ / { sub(/ +#.*/, ""); sub(/^ *(<not [a-z]+>|[0-9.,]+( msec)?) +/, " # "); sub(/:u$/, ""); sub(/ +\([0-9.]+%\)$/, ""); print; next }
{ print }
