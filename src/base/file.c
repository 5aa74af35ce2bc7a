/* file.c - files: mapping, and replacement that survives a crash. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/status.h"

/* A file that lies in memory in pages of two megabytes is mapped and unmapped many times faster than one in pages of
 * four kilobytes, and which it gets is decided when it is first read. Advice only: a kernel may not know it. Not for a
 * file that would push others out of memory, where reading more than asked costs. */
static void prefer_large_pages(void *p, size_t size)
{
    enum { LARGE = 2 << 20, SHARE = 8 };
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    if (size >= LARGE && pages > 0 && page > 0 && size / (size_t)page < (size_t)pages / SHARE)
        (void)madvise(p, size, MADV_HUGEPAGE);
}

kino_status kino_map_file(const char *path, kino_map *out, kino_error *err)
{
    kino_status st = KINO_OK;
    struct stat info;
    void *p = NULL;
    /* O_NONBLOCK: a FIFO would wait for somebody who writes into it. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return kino_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? KINO_NOT_FOUND : KINO_FAILED, "%s", path);
    if (fstat(fd, &info)) {
        st = kino_fail_errno(err, KINO_FAILED, "%s", path);
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        st = kino_fail(err, KINO_FAILED, "%s: not a regular file", path);
        goto done;
    }
    if (info.st_size) {
        p = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p == MAP_FAILED) {
            st = kino_fail_errno(err, KINO_FAILED, "%s: cannot map", path);
            goto done;
        }
        prefer_large_pages(p, (size_t)info.st_size);
    }
    *out = (kino_map){p, (size_t)info.st_size};
done:
    close(fd);
    return st;
}

void kino_unmap(kino_map *m)
{
    if (m->size)
        munmap((void *)m->bytes, m->size);
    *m = (kino_map){0};
}

/* The system may take less than it is given: what is left of a piece is then given again. */
static bool write_all(int fd, const struct iovec *pieces, size_t count)
{
    enum { AT_ONCE = 256 };
    size_t done = 0; /* of the first piece */
    for (;;) {
        struct iovec some[AT_ONCE];
        for (; count && done >= pieces->iov_len; pieces++, count--)
            done -= pieces->iov_len;
        if (!count)
            return true;
        const size_t n = count < AT_ONCE ? count : AT_ONCE;
        memcpy(some, pieces, n * sizeof *some);
        some[0].iov_base = (char *)some[0].iov_base + done;
        some[0].iov_len -= done;
        const ssize_t written = writev(fd, some, (int)n);
        if (written < 0 && errno != EINTR)
            return false;
        done += written > 0 ? (size_t)written : 0;
    }
}

/* Removes what a writer that was killed has left behind. Those at work hold a lock, which dies with them. */
static void sweep(DIR *folder, const char *name)
{
    const size_t n = strlen(name);
    for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
        if (strncmp(e->d_name, name, n) || strncmp(e->d_name + n, ".new-", 5) || strlen(e->d_name + n) != 5 + 6)
            continue;
        const int fd = openat(dirfd(folder), e->d_name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd >= 0 && !flock(fd, LOCK_EX | LOCK_NB))
            unlinkat(dirfd(folder), e->d_name, 0);
        if (fd >= 0)
            close(fd);
    }
}

/* A new file of a name of its own, locked; another writer may have swept it away before it was. */
static int make_temporary(const char *path, char **name)
{
    int fd = -1;
    struct stat info = {0};
    do {
        kino_buffer b = {0};
        if (fd >= 0)
            close(fd);
        free(*name);
        kino_buffer_print(&b, "%s.new-XXXXXX", path);
        *name = b.data;
        fd = mkstemp(*name);
    } while (fd >= 0 && !flock(fd, LOCK_EX) && !fstat(fd, &info) && !info.st_nlink);
    return fd;
}

kino_status kino_replace_file(const char *path, const struct iovec *pieces, size_t count, kino_error *err)
{
    kino_status st = KINO_OK;
    char *temporary = NULL, *copy = kino_strdup(path), *copy2 = kino_strdup(path);
    int fd = -1;
    DIR *folder = opendir(dirname(copy));
    if (folder)
        sweep(folder, basename(copy2));
    fd = make_temporary(path, &temporary);
    if (fd < 0) {
        st = kino_fail_errno(err, KINO_FAILED, "%s: cannot create", temporary);
        temporary[0] = 0;
        goto done;
    }
    mode_t mask = umask(0);
    umask(mask);
    if (fchmod(fd, 0666 & ~mask) || !write_all(fd, pieces, count) || fsync(fd)) {
        st = kino_fail_errno(err, KINO_FAILED, "%s: cannot write", temporary);
        goto done;
    }
    if (rename(temporary, path)) {
        st = kino_fail_errno(err, KINO_FAILED, "%s: cannot replace", path);
        goto done;
    }
    temporary[0] = 0;
    if (!folder || fsync(dirfd(folder)))
        st = kino_fail_errno(err, KINO_FAILED, "%s: cannot sync its folder", path);
done:
    if (temporary[0])
        unlink(temporary);
    if (fd >= 0)
        close(fd);
    if (folder)
        closedir(folder);
    free(temporary);
    free(copy);
    free(copy2);
    return st;
}

kino_status kino_make_folders(const char *path, kino_error *err)
{
    kino_status st = KINO_OK;
    char *copy = kino_strdup(path);
    for (char *p = copy + 1; *copy && st == KINO_OK; p++) {
        char c = *p;
        if (c != '/' && c)
            continue;
        *p = 0;
        if (mkdir(copy, 0777) && errno != EEXIST)
            st = kino_fail_errno(err, KINO_FAILED, "%s: cannot create the folder", copy);
        *p = c;
        if (!c)
            break;
    }
    free(copy);
    return st;
}
