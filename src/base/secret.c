/* secret.c - pages of their own for keys and passwords. */
#define _GNU_SOURCE
#include "base/secret.h"

#include <sys/mman.h>

#include "base/alloc.h"
#include "base/bytes.h"

void *kino_secret_new(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        kino_out_of_memory(size);
    (void)madvise(p, size, MADV_DONTDUMP);
    (void)madvise(p, size, MADV_WIPEONFORK);
    (void)mlock(p, size); /* there is a limit to that; without it the page may be swapped out */
    return p;
}

void kino_secret_free(void *secret, size_t size)
{
    if (!secret)
        return;
    kino_wipe(secret, size);
    munmap(secret, size);
}
