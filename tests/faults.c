/* faults.c - a shared object that, loaded in front of the C library, sees every call that changes a file: writes them
 * down, and makes the Nth one fail. tests/crash.py uses it.
 *
 *     KINO_FAULT_AT=N      which call, from 1
 *     KINO_FAULT=once      that one fails      (ENOSPC for what needs room, EIO for the rest)
 *                full      it and all later ones do
 *                exit      the process ends there, without a word
 *     KINO_TRACE=FILE      a line for each call that was made: "write PATH", "sync PATH", "cut PATH", "remove PATH",
 *                          "rename PATH TO"
 *     KINO_LOG=FILE        the same with all that is needed to do it again: "WHAT INODE OFFSET HEX PATH TO"; OFFSET is
 *                          where bytes are written, or the new length of what is cut, HEX the bytes or "-"
 * "FAULT" goes to standard error when a call fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
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

/* One line of the trace, in one write: the process may have threads. */
static void trace(const char *what, int fd, const char *path, const char *to)
{
    const char *file = getenv("KINO_TRACE");
    char link[64], name[1024] = "", line[2200];
    if (!file)
        return;
    if (!path) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        const ssize_t n = readlink(link, name, sizeof name - 1);
        name[n > 0 ? n : 0] = 0;
        path = name;
    }
    const int n = snprintf(line, sizeof line, "%s %s%s%s\n", what, path, *to ? " " : "", to);
    const int out = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    syscall(SYS_write, out, line, n);
    syscall(SYS_close, out);
}

/* One record of the log. */
static void record(const char *what, int fd, const char *path, const char *to, const void *bytes, size_t n,
                   off_t offset)
{
    static const char digits[] = "0123456789abcdef";
    const char *file = getenv("KINO_LOG");
    char link[64], name[1024] = "";
    struct stat s = {0};
    if (!file)
        return;
    if (path) {
        stat(path, &s);
    } else {
        fstat(fd, &s);
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        const ssize_t length = readlink(link, name, sizeof name - 1);
        name[length > 0 ? length : 0] = 0;
        path = name;
    }
    char *line = malloc(2 * n + 2400);
    size_t at = (size_t)sprintf(line, "%s %llu %lld ", what, (unsigned long long)s.st_ino, (long long)offset);
    for (size_t i = 0; i < n; i++) {
        line[at++] = digits[((const unsigned char *)bytes)[i] >> 4];
        line[at++] = digits[((const unsigned char *)bytes)[i] & 15];
    }
    at += (size_t)sprintf(line + at, "%s %s %s\n", n ? "" : "-", path, *to ? to : "-");
    const int out = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    syscall(SYS_write, out, line, at);
    syscall(SYS_close, out);
    free(line);
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
    if (is_file(fd))
        trace("write", fd, NULL, "");
    if (is_file(fd))
        record("write", fd, NULL, "", bytes, n, lseek(fd, 0, SEEK_CUR));
    return REAL(write)(fd, bytes, n);
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    if (is_file(fd) && strikes())
        FAIL(ENOSPC);
    if (is_file(fd))
        trace("write", fd, NULL, "");
    off_t at = is_file(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
    for (int i = 0; i < count && is_file(fd); i++) {
        if (pieces[i].iov_len)
            record("write", fd, NULL, "", pieces[i].iov_base, pieces[i].iov_len, at);
        at += (off_t)pieces[i].iov_len;
    }
    return REAL(writev)(fd, pieces, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    if (is_file(fd) && strikes())
        FAIL(ENOSPC);
    if (is_file(fd))
        trace("write", fd, NULL, "");
    if (is_file(fd))
        record("write", fd, NULL, "", bytes, n, at);
    return REAL(pwrite)(fd, bytes, n, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    if (is_file(fd) && strikes())
        FAIL(ENOSPC);
    if (is_file(fd))
        trace("write", fd, NULL, "");
    if (is_file(fd))
        record("write", fd, NULL, "", bytes, n, at);
    return REAL(pwrite64)(fd, bytes, n, at);
}

int fsync(int fd)
{
    if (strikes())
        FAIL(EIO);
    trace("sync", fd, NULL, "");
    record("sync", fd, NULL, "", NULL, 0, 0);
    return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    if (strikes())
        FAIL(EIO);
    trace("sync", fd, NULL, "");
    record("sync", fd, NULL, "", NULL, 0, 0);
    return REAL(fdatasync)(fd);
}

int ftruncate(int fd, off_t n)
{
    if (strikes())
        FAIL(ENOSPC);
    trace("cut", fd, NULL, "");
    record("cut", fd, NULL, "", NULL, 0, n);
    return REAL(ftruncate)(fd, n);
}

int ftruncate64(int fd, off64_t n)
{
    if (strikes())
        FAIL(ENOSPC);
    trace("cut", fd, NULL, "");
    record("cut", fd, NULL, "", NULL, 0, n);
    return REAL(ftruncate64)(fd, n);
}

int rename(const char *from, const char *to)
{
    if (strikes())
        FAIL(EIO);
    trace("rename", -1, from, to);
    record("rename", -1, from, to, NULL, 0, 0);
    return REAL(rename)(from, to);
}

int unlink(const char *name)
{
    if (strikes())
        FAIL(EIO);
    trace("remove", -1, name, "");
    record("remove", -1, name, "", NULL, 0, 0);
    return REAL(unlink)(name);
}
