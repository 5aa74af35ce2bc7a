/* faults.c - a shared object that, loaded in front of the C library, makes the disk fail: the Nth call that changes a
 * file. tests/crash.py uses it.
 *
 *     KINO_FAULT_AT=N      which call, from 1
 *     KINO_FAULT=once      that one fails      (ENOSPC for what needs room, EIO for the rest)
 *                full      it and all later ones do
 *                exit      the process ends there, without a word
 * "FAULT" goes to standard error when it happens. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int calls;

/* Whether this call fails. */
static int strikes(void)
{
    const char *at = getenv("KINO_FAULT_AT"), *how = getenv("KINO_FAULT");
    if (!at || !how)
        return 0;
    const int now = ++calls, nth = atoi(at);
    if (now < nth || (now > nth && strcmp(how, "full")))
        return 0;
    if (now == nth)
        syscall(SYS_write, 2, "FAULT\n", 6);
    if (!strcmp(how, "exit"))
        _exit(99);
    return 1;
}

static int is_file(int fd)
{
    struct stat s;
    return !fstat(fd, &s) && S_ISREG(s.st_mode);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FAIL(code) return errno = (code), -1

ssize_t write(int fd, const void *bytes, size_t n)
{
    if (is_file(fd) && strikes())
        FAIL(ENOSPC);
    return REAL(write)(fd, bytes, n);
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    if (is_file(fd) && strikes())
        FAIL(ENOSPC);
    return REAL(writev)(fd, pieces, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    if (is_file(fd) && strikes())
        FAIL(ENOSPC);
    return REAL(pwrite)(fd, bytes, n, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    if (is_file(fd) && strikes())
        FAIL(ENOSPC);
    return REAL(pwrite64)(fd, bytes, n, at);
}

int fsync(int fd)
{
    if (strikes())
        FAIL(EIO);
    return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    if (strikes())
        FAIL(EIO);
    return REAL(fdatasync)(fd);
}

int ftruncate(int fd, off_t n)
{
    if (strikes())
        FAIL(ENOSPC);
    return REAL(ftruncate)(fd, n);
}

int ftruncate64(int fd, off64_t n)
{
    if (strikes())
        FAIL(ENOSPC);
    return REAL(ftruncate64)(fd, n);
}

int rename(const char *from, const char *to)
{
    if (strikes())
        FAIL(EIO);
    return REAL(rename)(from, to);
}

int unlink(const char *name)
{
    if (strikes())
        FAIL(EIO);
    return REAL(unlink)(name);
}
