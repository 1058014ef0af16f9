/* SPDX-License-Identifier: MIT */
/* Verbs that take a key of their own, as the notes' get and delete do: a replay's `_find`
 * and `_remove` with a key that is made for the call and released behind it. Define
 * REPLAY_KEEPS_KEYS when a delete keeps the key that it is given. */

static inline KIND_FN(item) * REPLAY_FN(get)(const BODY *map, KIND_FN(view) view)
{
    KIND_FN(item) key;
    if (!REPLAY_MAKES_STRINGS || KIND_FN(make_key)(&key, view, map->allocator) != OM_OK)
        return REPLAY_FN(find)(map, view);
    KIND_FN(item) *const value = REPLAY_FN(find)(map, KIND_FN(view_of)(&key));
    KIND_FN(drop_key)(&key, map->allocator);
    return value;
}

#ifndef REPLAY_KEEPS_KEYS
static inline bool REPLAY_FN(delete)(BODY *map, KIND_FN(view) view)
{
    KIND_FN(item) key;
    if (!REPLAY_MAKES_STRINGS || KIND_FN(make_key)(&key, view, map->allocator) != OM_OK)
        return REPLAY_FN(remove)(map, view);
    const bool is_found = REPLAY_FN(remove)(map, KIND_FN(view_of)(&key));
    KIND_FN(drop_key)(&key, map->allocator);
    return is_found;
}
#endif
