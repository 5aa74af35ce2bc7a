/* curl.h - libcurl, loaded when it is first needed. It brings some forty shared objects along, and a kino that does not
 * use the network need not wait for them.
 *
 *     const kino_curl *curl = NULL;
 *     if (!kino_curl_load(&curl, err))
 *         CURL *easy = curl->easy_init();
 *
 * A member is named as the function of libcurl without its curl_. Options that are numbers must be given
 * as long: no macro checks them here. */
#ifndef KINO_NET_CURL_H
#define KINO_NET_CURL_H

#include <curl/curl.h>

#include "kino.h"

#define KINO_CURL_CALLS(X)                                                                                             \
    X(CURLcode, global_init, (long flags))                                                                             \
    X(CURL *, easy_init, (void))                                                                                       \
    X(void, easy_cleanup, (CURL * easy))                                                                               \
    X(void, easy_reset, (CURL * easy))                                                                                 \
    X(CURLcode, easy_setopt, (CURL * easy, CURLoption option, ...))                                                    \
    X(CURLcode, easy_getinfo, (CURL * easy, CURLINFO info, ...))                                                       \
    X(const char *, easy_strerror, (CURLcode code))                                                                    \
    X(CURLM *, multi_init, (void))                                                                                     \
    X(CURLMcode, multi_cleanup, (CURLM * multi))                                                                       \
    X(CURLMcode, multi_setopt, (CURLM * multi, CURLMoption option, ...))                                               \
    X(CURLMcode, multi_add_handle, (CURLM * multi, CURL * easy))                                                       \
    X(CURLMcode, multi_remove_handle, (CURLM * multi, CURL * easy))                                                    \
    X(CURLMcode, multi_perform, (CURLM * multi, int *running))                                                         \
    X(CURLMcode, multi_poll, (CURLM * multi, struct curl_waitfd * fds, unsigned count, int timeout_ms, int *ready))    \
    X(CURLMsg *, multi_info_read, (CURLM * multi, int *left))                                                          \
    X(const char *, multi_strerror, (CURLMcode code))                                                                  \
    X(struct curl_slist *, slist_append, (struct curl_slist * list, const char *s))                                    \
    X(void, slist_free_all, (struct curl_slist * list))                                                                \
    X(CURLU *, url, (void))                                                                                            \
    X(void, url_cleanup, (CURLU * url))                                                                                \
    X(CURLUcode, url_set, (CURLU * url, CURLUPart part, const char *s, unsigned how))                                  \
    X(CURLUcode, url_get, (CURLU * url, CURLUPart part, char **s, unsigned how))                                       \
    X(void, free, (void *p))

typedef struct kino_curl {
#define KINO_CURL_MEMBER(type, name, arguments) type(*name) arguments;
    KINO_CURL_CALLS(KINO_CURL_MEMBER)
#undef KINO_CURL_MEMBER
} kino_curl;

/* The table, which is filled once and stays for the whole process. KINO_NETWORK if there is no libcurl, or only one
 * older than 7.66. Any thread may call. */
kino_status kino_curl_load(const kino_curl **out, kino_error *err);

#endif
