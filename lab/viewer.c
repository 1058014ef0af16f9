/* SPDX-License-Identifier: MIT */
/* What a flame graph's page is made with, from the folder beside the program.
 *
 * The library is not part of this repository. `./run profile` has npm put it, in the
 * version and with the checksums of packaging/viewer, into share/onemiss/viewer of the
 * build folder; a program bin/onemiss looks in ../share/onemiss/viewer, wherever it was
 * installed. */
#include "viewer.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"

enum { MOST_BYTES = 4 << 20 };

static const char *const files[N_VIEWER_FILES] = {
    [VIEWER_LIBRARY] = "node_modules/d3-flame-graph/dist/d3-flamegraph.min.js",
    [VIEWER_LIBRARY_STYLE] = "node_modules/d3-flame-graph/dist/d3-flamegraph.css",
    [VIEWER_LIBRARY_LICENCE] = "node_modules/d3-flame-graph/LICENSE",
    [VIEWER_SELECTION] = "node_modules/d3-selection/dist/d3-selection.min.js",
    [VIEWER_SELECTION_LICENCE] = "node_modules/d3-selection/LICENSE",
    [VIEWER_PAGE] = "flame_page.js",
    [VIEWER_PAGE_STYLE] = "flame_page.css",
};

static bool find_folder(char folder[PATH_MAX])
{
    const char *const program = loader_program();
    const char *slash = strrchr(program, '/');
    const int n = slash != NULL ? (int)(slash - program) : 0;
    return n > 0 && snprintf(folder, PATH_MAX, "%.*s/../share/onemiss/viewer", n,
                             program) < PATH_MAX;
}

/* All of a file; NULL and errno. */
static char *read_file(const char *path)
{
    FILE *const file = fopen(path, "r");
    char *text = file != NULL ? malloc(MOST_BYTES + 1) : NULL;
    if (text != NULL) {
        const size_t n = fread(text, 1, MOST_BYTES + 1, file);
        if (n > MOST_BYTES || n == 0 || ferror(file)) {
            free(text);
            text = NULL;
            errno = n == 0 ? ENODATA : EFBIG;
        } else {
            text[n] = '\0';
        }
    }
    if (file != NULL)
        fclose(file);
    return text;
}

/* What would end the element that the text is put into, or begin a comment in it. */
static bool is_embeddable(const char *text)
{
    return strcasestr(text, "</script") == NULL && strcasestr(text, "</style") == NULL &&
           strstr(text, "<!--") == NULL;
}

bool viewer_load(struct viewer *viewer, const char *folder, struct complaint *complaint)
{
    static const char remedy[] = "./run --viewer brings it, with npm";
    char own[PATH_MAX], path[PATH_MAX + 128];
    memset(viewer, 0, sizeof *viewer);
    if (folder == NULL && !find_folder(own))
        return complain(complaint, "no HTML: the program's own folder is not known");
    for (size_t i = 0; i < N_VIEWER_FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder != NULL ? folder : own, files[i]);
        viewer->texts[i] = read_file(path);
        if (viewer->texts[i] != NULL && is_embeddable(viewer->texts[i]))
            continue;
        complain(complaint, "no HTML: the viewer's %s %s%s; %s", files[i],
                 viewer->texts[i] == NULL ? "cannot be read: " : "is not as it should be",
                 viewer->texts[i] == NULL ? strerror(errno) : "", remedy);
        viewer_drop(viewer);
        return false;
    }
    return true;
}

void viewer_drop(struct viewer *viewer)
{
    for (size_t i = 0; i < N_VIEWER_FILES; i++)
        free(viewer->texts[i]);
    memset(viewer, 0, sizeof *viewer);
}
