/* SPDX-License-Identifier: MIT */
/* A data race of two threads in a program under ThreadSanitizer that holds a traced
 * subject: the subject's own entry points of the same names must not take the place of
 * the sanitizer's.
 *
 *     race SUBJECT [quiet]     quiet: no race, and nothing to report */
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "subject.h"

static uint64_t counter;

static void *count(void *unused)
{
    for (int i = 0; i < 1000; i++)
        counter++;
    return unused;
}

/* Makes and drops a map. Whether the subject's accesses came to its own runtime. */
static bool use(const struct subject *subject)
{
    const struct subject_setup setup = {{0, 0}, 100, &om_allocator_default};
    const struct subject_variant *const variant = &subject->variants[0];
    const uint64_t *const before = subject->trace->next;
    void *map;
    if (variant->create(&setup, &map) != OM_OK)
        return false;
    variant->destroy(map);
    return subject->trace->next != before;
}

int main(int n_words, char **words)
{
    if (n_words < 2)
        return 2;
    void *const file = dlopen(words[1], RTLD_NOW | RTLD_GLOBAL);
    const struct subject *const subject =
        file != NULL ? dlsym(file, SUBJECT_SYMBOL_TEXT) : NULL;
    if (subject == NULL || subject->trace == NULL || !use(subject)) {
        fprintf(stderr, "race: %s is no traced subject\n", words[1]);
        return 2;
    }
    pthread_t other;
    if (pthread_create(&other, NULL, count, NULL) != 0)
        return 2;
    if (n_words > 2)
        pthread_join(other, NULL);
    count(NULL);
    if (n_words <= 2)
        pthread_join(other, NULL);
    printf("%d\n", (int)counter);
    return 0;
}
