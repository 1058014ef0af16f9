/* SPDX-License-Identifier: MIT */
/* Moments of a run, kept in bounded memory: when the room is full, every other one goes and
 * the distance doubles, so that what is left is evenly spaced from the first on. */
#include "moments.h"

#include <string.h>

_Static_assert(MOMENTS_MOST % 2 == 0, "the occasion after the last is due at any stride");

void moments_init(struct moments *moments)
{
    memset(moments, 0, sizeof *moments);
    moments->stride = 1;
}

bool moments_is_due(struct moments *moments)
{
    return moments->n_occasions++ % moments->stride == 0;
}

void moments_add(struct moments *moments, const struct moment *moment)
{
    if (moments->n == MOMENTS_MOST) {
        for (size_t i = 0; i < MOMENTS_MOST / 2; i++)
            moments->of[i] = moments->of[2 * i];
        moments->n = MOMENTS_MOST / 2;
        moments->stride *= 2;
    }
    moments->of[moments->n++] = *moment;
}

void moments_end(struct moments *moments, const struct moment *moment)
{
    const bool is_there =
        moments->n > 1 && moments->of[moments->n - 1].operation == moment->operation;
    moments->of[is_there ? moments->n - 1 : moments->n++] = *moment;
}

void moments_add_resize(struct moments *moments, const struct resize_moments *resize)
{
    size_t n = moments->n_resizes;
    if (n == MOMENTS_MOST_RESIZES) {
        size_t smallest = 0;
        for (size_t i = 1; i < n; i++)
            if (moments->resizes[i].event.new_bytes <
                moments->resizes[smallest].event.new_bytes)
                smallest = i;
        moments->n_left_out++;
        if (resize->event.new_bytes < moments->resizes[smallest].event.new_bytes)
            return;
        n--;
        memmove(&moments->resizes[smallest], &moments->resizes[smallest + 1],
                (n - smallest) * sizeof *moments->resizes);
    }
    moments->resizes[n++] = *resize;
    moments->n_resizes = n;
}

/* The three of a resize follow one another. */
static const struct moment *part_of(const struct resize_moments *resize, size_t part)
{
    return part == 0 ? &resize->before : part == 1 ? &resize->most : &resize->behind;
}

const struct moment *moments_next(const struct moments *moments,
                                  struct moments_place *place)
{
    const struct moment *const moment =
        place->moment < moments->n ? &moments->of[place->moment] : NULL;
    const struct moment *const of_resize =
        place->resize < moments->n_resizes
            ? part_of(&moments->resizes[place->resize], place->part)
            : NULL;
    if (of_resize == NULL || (moment != NULL && moment->ns < of_resize->ns)) {
        place->moment++;
        return moment;
    }
    place->part = (place->part + 1) % 3;
    place->resize += place->part == 0;
    return of_resize;
}
