/* alloc.c - memory, the arena, the growing buffer. */
#include "base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kino.h"

/* The one place where the process ends for want of memory. */
static _Atomic(void (*)(size_t bytes)) on_failure;

void kino_on_out_of_memory(void (*call)(size_t bytes))
{
    on_failure = call;
}

void kino_out_of_memory(size_t bytes)
{
    void (*const call)(size_t) = on_failure;
    if (call)
        call(bytes);
    else
        fprintf(stderr, "kino: out of memory: %zu bytes more are not to be had\n", bytes);
    abort();
}

static void *or_die(void *p, size_t bytes)
{
    if (!p)
        kino_out_of_memory(bytes);
    return p;
}

static size_t checked_product(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        or_die(NULL, SIZE_MAX);
    return count * size;
}

void *kino_alloc(size_t size)
{
    return or_die(calloc(1, size ? size : 1), size);
}

void *kino_alloc_array(size_t count, size_t size)
{
    return kino_alloc(checked_product(count, size));
}

void *kino_resize_array(void *p, size_t count, size_t size)
{
    size_t bytes = checked_product(count, size);
    return or_die(realloc(p, bytes ? bytes : 1), bytes);
}

static size_t whole_lines(size_t size)
{
    if (size > SIZE_MAX - 64)
        or_die(NULL, size);
    return size ? (size + 63) / 64 * 64 : 64;
}

void *kino_alloc_scratch(size_t size)
{
    return or_die(aligned_alloc(64, whole_lines(size)), size);
}

void *kino_alloc_aligned(size_t size)
{
    return memset(kino_alloc_scratch(size), 0, whole_lines(size));
}

float *kino_alloc_floats(size_t count)
{
    return kino_alloc_aligned(checked_product(count, sizeof(float)));
}

char *kino_strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(kino_alloc(n), s, n);
}

struct kino_arena_block {
    struct kino_arena_block *next;
    size_t used, size;
    _Alignas(16) unsigned char bytes[];
};

void *kino_arena_alloc(kino_arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        or_die(NULL, size);
    size = size ? (size + 15) / 16 * 16 : 16;
    struct kino_arena_block *b = a->head;
    if (!b || b->size - b->used < size) {
        enum { BLOCK = 64 * 1024 };
        size_t capacity = size > BLOCK / 4 ? size : BLOCK;
        b = kino_alloc(sizeof *b + capacity);
        b->size = capacity;
        if (a->head && capacity == size) { /* a large thing gets its own block; the half-full one stays in front */
            b->next = a->head->next;
            a->head->next = b;
        } else {
            b->next = a->head;
            a->head = b;
        }
    }
    void *p = b->bytes + b->used;
    b->used += size;
    return p;
}

char *kino_arena_strndup(kino_arena *a, const char *s, size_t n)
{
    char *p = kino_arena_alloc(a, n + 1);
    memcpy(p, s, n);
    return p;
}

char *kino_arena_strdup(kino_arena *a, const char *s)
{
    return s ? kino_arena_strndup(a, s, strlen(s)) : kino_arena_strndup(a, "", 0);
}

void kino_arena_join(kino_arena *a, kino_arena *other)
{
    struct kino_arena_block **last = &a->head;
    while (*last)
        last = &(*last)->next;
    *last = other->head;
    other->head = NULL;
}

void kino_arena_free(kino_arena *a)
{
    for (struct kino_arena_block *b = a->head, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    a->head = NULL;
}

static void reserve(kino_buffer *b, size_t more)
{
    if (more > SIZE_MAX / 2 - b->size - 1)
        or_die(NULL, more);
    if (b->capacity - b->size > more)
        return;
    size_t capacity = b->capacity ? b->capacity : 256;
    while (capacity - b->size <= more)
        capacity *= 2;
    b->data = or_die(realloc(b->data, capacity), capacity);
    b->capacity = capacity;
}

/* Whether so many bytes more are still taken. */
static bool takes(kino_buffer *b, size_t n)
{
    if (b->most && (b->overfull || n > b->most - b->size))
        b->overfull = true;
    return !b->overfull;
}

void kino_buffer_put(kino_buffer *b, const void *bytes, size_t n)
{
    if (!takes(b, n))
        return;
    reserve(b, n);
    if (n)
        memcpy(b->data + b->size, bytes, n);
    b->size += n;
    b->data[b->size] = 0;
}

void kino_buffer_byte(kino_buffer *b, char c)
{
    kino_buffer_put(b, &c, 1);
}

void kino_buffer_print(kino_buffer *b, const char *format, ...)
{
    va_list ap, again;
    va_start(ap, format);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (n > 0 && takes(b, (size_t)n)) {
        reserve(b, (size_t)n);
        vsnprintf(b->data + b->size, (size_t)n + 1, format, again);
        b->size += (size_t)n;
    }
    va_end(again);
}
