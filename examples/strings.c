/* SPDX-License-Identifier: MIT */
/* Strings as keys: the map owns its keys, a lookup borrows the caller's bytes.
 *
 * Prints:
 *     17 different words
 *     the: 4
 *     slow: 7
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OM_NAME  word_count
#define OM_KEY   om_string
#define OM_VALUE uint32_t
#include <onemiss/open_addressing.h>

static const char text[] = "the quick brown fox jumps over the lazy dog but "
                           "the dog and a fox are friends and the end is a good one";

/* The next word at or after `*at`, as a borrowed view; length 0 at the end. */
static om_view next_word(const char **at)
{
    *at += strspn(*at, " ");
    const om_view word = om_view_of(*at, strcspn(*at, " "));
    *at += word.length;
    return word;
}

/* Only a word that is new is copied; nothing needs to be freed here. */
static om_status count_words(word_count *map)
{
    const char *at = text;
    for (om_view word = next_word(&at); word.length > 0; word = next_word(&at)) {
        uint32_t *count;
        const om_status status = word_count_get_or_insert(map, word, &count, NULL);
        if (status != OM_OK)
            return status;
        *count += 1;
    }
    return OM_OK;
}

/* `insert` takes a string over when it succeeds; until then it is ours to release. */
static om_status insert_word(word_count *map, const char *word, uint32_t count)
{
    om_string key;
    om_status status = om_string_key_copy(&key, om_view_text(word), NULL);
    if (status != OM_OK)
        return status;
    status = word_count_insert(map, key, count);
    if (status != OM_OK)
        om_string_key_drop(&key, NULL);
    return status;
}

static bool print_count(const word_count *map, const char *word, uint32_t expected)
{
    const uint32_t *const count = word_count_get(map, om_view_text(word));
    printf("%s: %" PRIu32 "\n", word, count != NULL ? *count : 0);
    return count != NULL && *count == expected;
}

int main(void)
{
    word_count map = {0};
    om_status status = count_words(&map);
    printf("%zu different words\n", word_count_size(&map));
    if (status == OM_OK)
        status = insert_word(&map, "slow", 7);
    const bool is_right = print_count(&map, "the", 4) && print_count(&map, "slow", 7);
    word_count_drop(&map);

    if (status == OM_OK && is_right)
        return EXIT_SUCCESS;
    fprintf(stderr, "strings: wrong counts: %s\n", om_status_text(status));
    return EXIT_FAILURE;
}
