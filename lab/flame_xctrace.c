/* SPDX-License-Identifier: MIT */
/* The instrument `flame` on a Mac: xctrace around the child, its export behind it.
 *
 * Not run on a Mac: written from the manual and from what others have told of the format,
 * and tried with a program that stands in for xcrun.
 * Method. `xcrun xctrace record --template 'Time Profiler' --launch` starts the child, and
 * looks a thousand times a second where it is. It may do so with a program that is signed
 * with the entitlement get-task-allow, be it by nobody in particular (ad hoc); the build
 * does that (lab/CMakeLists.txt), and before each run it is looked whether it holds. What
 * xctrace starts inherits no descriptor from it: the child's messages go through a named
 * pipe that a `cat` empties into the lab's own.
 * What it does not measure. Kernel mode, as the template comes: what a page fault takes is
 * booked to who touched the page. */
#include "flame_xctrace.h"

#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "child.h"
#include "formats/text_line.h"
#include "formats/xctrace_xml.h"
#include "interrupt.h"
#include "loader.h"
#include "stacks_result.h"

enum { USUAL_HZ = 1000, EXPORT_PATIENCE_S = 240 };

static const char *const trace_name = "flame.trace";

/* Words behind it: xcrun, the folder, the child's. */
static const char script[] =
    "xcrun=$1 folder=$2; shift 2; mkfifo \"$folder/messages\" || exit 3; "
    "cat \"$folder/messages\" >&3 & "
    "exec \"$xcrun\" xctrace record --template 'Time Profiler' --no-prompt "
    "--output \"$folder/flame.trace\" --env " CHILD_MESSAGES_PATH
    "=\"$folder/messages\" --launch -- \"$@\"";

/* Whether the program is signed so that others may look into it. */
static bool allows_looking(struct complaint *complaint)
{
    char codesign[PATH_MAX];
    static char line[65536]; /* all of it may be one */
    bool is_allowed = false;
    if (!tool_find("codesign", codesign, complaint))
        return false;
    const char *const words[] = {codesign,         "-d", "--entitlements", "-", "--xml",
                                 loader_program(), NULL};
    FILE *const answer = tool_ask(words, TOOL_PATIENCE_S, NULL, complaint);
    while (answer != NULL && text_line(answer, line, sizeof line))
        is_allowed |= strstr(line, "com.apple.security.get-task-allow") != NULL;
    if (answer == NULL)
        return false;
    fclose(answer);
    return is_allowed ||
           complain(complaint,
                    "xctrace may not look into this program, which lacks the entitlement "
                    "get-task-allow: codesign --force --sign - --entitlements "
                    "packaging/macos/get_task_allow.plist %.200s",
                    loader_program());
}

bool flame_xctrace_wrap(struct tool *tool, struct complaint *complaint)
{
    char xcrun[PATH_MAX];
    if (!tool_find("xcrun", xcrun, complaint) || !allows_looking(complaint))
        return false;
    tool->method = USUAL_HZ;
    tool_add(tool, "/bin/sh");
    tool_add(tool, "-c");
    tool_add(tool, "%s", script);
    tool_add(tool, "onemiss");
    tool_add(tool, "%s", xcrun);
    tool_add(tool, "%s", tool->folder);
    return true;
}

/* ---- after ---- */

static bool read_export(FILE *from, struct xctrace_xml *xml, struct complaint *complaint)
{
    static char bytes[65536];
    size_t n;
    do {
        n = fread(bytes, 1, sizeof bytes, from);
        if (interrupt_signal() != 0)
            return complain(complaint, "interrupted");
        if (!xctrace_xml_bytes(xml, bytes, n, n == 0, complaint))
            return false;
    } while (n > 0);
    return true;
}

static bool export_to(const struct tool *tool, struct xctrace_xml *xml,
                      struct complaint *complaint)
{
    char xcrun[PATH_MAX], trace[PATH_MAX];
    tool_file(tool, trace_name, trace);
    const char *const words[] = {
        xcrun,
        "xctrace",
        "export",
        "--input",
        trace,
        "--xpath",
        "/trace-toc/run[@number=\"1\"]/data/table[@schema=\"time-profile\"]",
        NULL};
    if (!tool_find("xcrun", xcrun, complaint))
        return false;
    struct complaint why;
    FILE *const answer = tool_ask(words, EXPORT_PATIENCE_S, NULL, &why);
    if (answer == NULL)
        return complain(complaint, "xctrace export: %.300s", why.text);
    const bool is_read = read_export(answer, xml, complaint);
    fclose(answer);
    return is_read;
}

static bool add_stacks(json_t *cell, const struct stacks *stacks,
                       const struct xctrace_xml *xml, struct complaint *complaint)
{
    const uint64_t ns = xctrace_xml_period_ns(xml);
    const struct stacks_origin origin = {
        .by = "xctrace",
        .call_graph = "fp",
        .event = "",
        .frequency_hz =
            ns > 1000 && ns < 1000000000 ? (unsigned)(1000000000 / ns) : USUAL_HZ,
        .has_kernel = stacks_counts(stacks)->kernel > 0,
        .no_kernel = "the template Time Profiler takes no samples in kernel mode",
        .note = "",
    };
    return stacks_to_cell(cell, stacks, &origin, complaint);
}

bool flame_xctrace_harvest(const struct tool *tool, json_t *cell,
                           struct complaint *complaint)
{
    char prefix[64];
    const struct stacks_setup setup = {
        STACKS_ROOT, prefix, {stacks_chain[0], stacks_chain[1], stacks_chain[2]}};
    snprintf(prefix, sizeof prefix, "%s_%s_", tool->cell->key, tool->cell->hash);
    struct stacks *const stacks = stacks_create(&setup);
    if (stacks == NULL)
        return complain(complaint, "out of memory for the stacks");
    struct xctrace_xml *const xml = xctrace_xml_create(stacks_take, stacks, complaint);
    const bool is_added = xml != NULL && export_to(tool, xml, complaint) &&
                          add_stacks(cell, stacks, xml, complaint);
    xctrace_xml_destroy(xml);
    stacks_destroy(stacks);
    return is_added;
}
