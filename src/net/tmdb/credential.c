/* credential.c - where the key is looked for, and what may be one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/status.h"
#include "net/tmdb/tmdb.h"

enum { LARGEST_FILE = 16 << 10 };

static const char shapes[] = "TMDB gives out keys of 32 hexadecimal digits and read access tokens that begin with eyJ";

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

kino_tmdb_key_kind kino_tmdb_key_kind_of(const char *key)
{
    size_t n = strlen(key);
    if (n == 32 && strspn(key, "0123456789abcdefABCDEF") == n)
        return KINO_TMDB_KEY_V3;
    if (n >= KINO_TMDB_KEY_SIZE || strncmp(key, "eyJ", 3))
        return KINO_TMDB_NO_KEY;
    size_t dots = 0;
    for (size_t i = 0; i < n; i++) {
        if (key[i] != '.' && !is_token_char(key[i]))
            return KINO_TMDB_NO_KEY;
        if (key[i] == '.' && (key[i - 1] == '.' || i + 1 == n))
            return KINO_TMDB_NO_KEY;
        dots += key[i] == '.';
    }
    return dots == 2 ? KINO_TMDB_KEY_V4 : KINO_TMDB_NO_KEY;
}

/* The best key among the words of a text, which it cuts up: `api_key = "..."` is read as well as a key alone. */
static kino_tmdb_key_kind pick(char *text, char out[KINO_TMDB_KEY_SIZE])
{
    kino_tmdb_key_kind best = KINO_TMDB_NO_KEY;
    char *rest = NULL;
    for (char *w = strtok_r(text, " \t\r\n\"'=:,;{}", &rest); w; w = strtok_r(NULL, " \t\r\n\"'=:,;{}", &rest)) {
        kino_tmdb_key_kind kind = kino_tmdb_key_kind_of(w);
        if (kind > best) {
            best = kind;
            memcpy(out, w, strlen(w) + 1);
        }
    }
    return best;
}

/* KINO_NOT_FOUND when there is no such file. */
static kino_status from_file(const char *path, char out[KINO_TMDB_KEY_SIZE], kino_error *err)
{
    char text[LARGEST_FILE + 1];
    size_t size = 0;
    struct stat about;
    kino_status st = KINO_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe would keep us waiting */
    if (fd < 0)
        return kino_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? KINO_NOT_FOUND : KINO_FAILED,
                               "%s: the key of TMDB cannot be read", path);
    if (fstat(fd, &about) || !S_ISREG(about.st_mode)) {
        st = kino_fail(err, KINO_USAGE, "%s: the key of TMDB must be in a regular file", path);
        goto done;
    }
    if (about.st_mode & 077) {
        st = kino_fail(err, KINO_FAILED, "%s: others may read this key of TMDB; run: chmod 600 %s", path, path);
        goto done;
    }
    while (size < LARGEST_FILE) {
        ssize_t n = read(fd, text + size, LARGEST_FILE - size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            st = kino_fail_errno(err, KINO_FAILED, "%s: the key of TMDB cannot be read", path);
            goto done;
        }
        if (!n)
            break;
        size += (size_t)n;
    }
    text[size] = 0;
    if (pick(text, out) == KINO_TMDB_NO_KEY)
        st = kino_fail(err, KINO_USAGE, "%s: holds no key of TMDB; %s", path, shapes);
done:
    kino_wipe(text, sizeof text);
    close(fd);
    return st;
}

static kino_status from_environment(const char *value, char out[KINO_TMDB_KEY_SIZE], kino_error *err)
{
    char *copy = kino_strdup(value);
    kino_tmdb_key_kind kind = pick(copy, out);
    kino_wipe(copy, strlen(value));
    free(copy);
    return kind == KINO_TMDB_NO_KEY ? kino_fail(err, KINO_USAGE, "$TMDB_API_KEY holds no key of TMDB; %s", shapes)
                                    : KINO_OK;
}

kino_status kino_tmdb_credential(const char *path, char out[KINO_TMDB_KEY_SIZE], kino_error *err)
{
    if (path)
        return from_file(path, out, err);
    const char *value = getenv("TMDB_API_KEY"), *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (value && value[strspn(value, " \t\r\n")])
        return from_environment(value, out, err);
    kino_buffer file = {0};
    if (folder && *folder == '/')
        kino_buffer_print(&file, "%s/kino/tmdb.key", folder);
    else
        kino_buffer_print(&file, "%s/.config/kino/tmdb.key", home ? home : "");
    kino_status st = from_file(file.data, out, err);
    if (st == KINO_NOT_FOUND)
        st = kino_fail(err, KINO_NETWORK,
                       "TMDB cannot be asked without a key; get one at "
                       "https://www.themoviedb.org/settings/api and put it into $TMDB_API_KEY or "
                       "into %s (mode 0600)",
                       file.data);
    free(file.data);
    return st;
}
