/* SPDX-License-Identifier: MIT */
/* malloc's interface over the lab's allocator, for maps that ask for memory by name and
 * hand no context along: a child holds one map, so that one allocator is theirs. */
#ifndef ONEMISS_LAB_PEER_MEMORY_H
#define ONEMISS_LAB_PEER_MEMORY_H

#include "peer.h"

static const om_allocator *peer_allocator;

/* Before each block stands how large it is, as malloc's own chunks have it. */
enum { PEER_BLOCK_HEAD = 16 };

static inline void peer_memory_from(const om_allocator *allocator)
{
    peer_allocator = allocator;
}

static inline om_request peer_request(size_t bytes)
{
    const om_request request = {bytes + PEER_BLOCK_HEAD, PEER_BLOCK_HEAD, "table", 0};
    return request;
}

static inline char *peer_head(void *block)
{
    return (char *)block - PEER_BLOCK_HEAD;
}

OM_UNUSED static void peer_free(void *block)
{
    if (block == NULL)
        return;
    const om_request request = peer_request(*(size_t *)(void *)peer_head(block));
    om_release(peer_allocator, peer_head(block), &request);
}

OM_UNUSED static void *peer_malloc(size_t bytes)
{
    if (bytes > OM_MOST_BYTES - PEER_BLOCK_HEAD)
        return NULL;
    const om_request request = peer_request(bytes);
    char *const head = (char *)om_allocate(peer_allocator, &request);
    if (head == NULL)
        return NULL;
    *(size_t *)(void *)head = bytes;
    return head + PEER_BLOCK_HEAD;
}

OM_UNUSED static void *peer_realloc(void *block, size_t bytes)
{
    void *const longer = peer_malloc(bytes);
    if (longer == NULL || block == NULL)
        return longer;
    const size_t old = *(size_t *)(void *)peer_head(block);
    memcpy(longer, block, old < bytes ? old : bytes);
    peer_free(block);
    return longer;
}

#endif
