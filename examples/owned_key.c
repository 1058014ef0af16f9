/* SPDX-License-Identifier: MIT */
/* A key that owns memory: C strings which the map copies, compares and frees.
 *
 * Prints:
 *     HOME is /home/ada
 *     EDITOR is unset
 *     2 variables, 1 after taking PATH out
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <onemiss/contract.h>

typedef char *c_string;         /* what the table stores, and owns */
typedef const char *c_borrowed; /* what lookups take */

static om_status c_string_copy(c_string *to, c_borrowed from, const om_allocator *unused)
{
    (void)unused;
    const size_t bytes = strlen(from) + 1;
    *to = (c_string)malloc(bytes);
    if (*to == NULL)
        return OM_OUT_OF_MEMORY;
    memcpy(*to, from, bytes);
    return OM_OK;
}

static void c_string_drop(c_string *string, const om_allocator *unused)
{
    (void)unused;
    free(*string);
}

/* Where a function is expected a macro will do. */
#define OM_NAME             variables
#define OM_KEY              c_string
#define OM_VALUE            c_borrowed
#define OM_VIEW             c_borrowed
#define OM_VIEW_OF(key)     (*(key))
#define OM_HASH(view, seed) om_siphash13_view(om_view_text(view), seed)
#define OM_EQ(key, view)    (strcmp(*(key), view) == 0)
#define OM_KEY_COPY         c_string_copy
#define OM_KEY_DROP         c_string_drop
#include <onemiss/chaining.h>

/* The name is copied only if it is new. */
static om_status set(variables *map, const char *name, const char *content)
{
    c_borrowed *value;
    const om_status status = variables_get_or_insert(map, name, &value, NULL);
    if (status == OM_OK)
        *value = content;
    return status;
}

static bool print_variable(const variables *map, const char *name)
{
    const c_borrowed *const value = variables_get(map, name);
    printf("%s is %s\n", name, value != NULL ? *value : "unset");
    return value != NULL;
}

int main(void)
{
    variables map = {0};
    om_status status = set(&map, "PATH", "/bin");
    if (status == OM_OK)
        status = set(&map, "HOME", "/home/ada");
    const bool is_set = print_variable(&map, "HOME") && !print_variable(&map, "EDITOR");

    /* `delete` would free the key; `take` hands it back, to free or to keep. */
    const size_t before = variables_size(&map);
    c_string name = NULL;
    c_borrowed content = "";
    const bool is_taken = variables_take(&map, "PATH", &name, &content);
    printf("%zu variables, %zu after taking %s out\n", before, variables_size(&map),
           is_taken ? name : "nothing");
    free(name);
    variables_drop(&map);

    if (status == OM_OK && is_set && is_taken)
        return EXIT_SUCCESS;
    fprintf(stderr, "owned_key: a variable is lost: %s\n", om_status_text(status));
    return EXIT_FAILURE;
}
