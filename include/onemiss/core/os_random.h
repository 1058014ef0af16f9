/* SPDX-License-Identifier: MIT */
/* Fresh seeds from the operating system's random number generator. */
#ifndef ONEMISS_CORE_OS_RANDOM_H
#define ONEMISS_CORE_OS_RANDOM_H

#include "seed.h"
#include "status.h"

#if defined(__linux__) || defined(__FreeBSD__) || defined(__APPLE__)

#include <errno.h>
#ifdef __APPLE__
#include <sys/random.h>
#elif defined(__cplusplus) || defined(__USE_MISC)
#include <unistd.h>
#else
int getentropy(void *buffer, size_t length); /* strict C hides it */
#endif

/* One system call. OM_NO_ENTROPY when the kernel refuses; errno is as it was. */
OM_MUST_CHECK OM_UNUSED static inline om_status om_os_seed(om_seed *seed)
{
    const int saved = errno;
    const int failed = getentropy(seed, sizeof *seed);
    errno = saved;
    return failed ? OM_NO_ENTROPY : OM_OK;
}

#else

/* No source is known on this system: every init must be given a seed. */
OM_MUST_CHECK OM_UNUSED static inline om_status om_os_seed(om_seed *seed)
{
    (void)seed;
    return OM_NO_ENTROPY;
}

#endif

#endif
