/* alloc.h - memory: allocation that ends the process when there is none, an arena, a growing byte buffer.
 *
 * Sizes that come from a file are capped by limits.h before they reach these functions. */
#ifndef KINO_BASE_ALLOC_H
#define KINO_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

_Noreturn void kino_out_of_memory(size_t bytes);             /* what all of these call when there is none */
void *kino_alloc(size_t size);                               /* zeroed; freed with free() */
void *kino_alloc_array(size_t count, size_t size);           /* zeroed, overflow-checked; freed with free() */
void *kino_resize_array(void *p, size_t count, size_t size); /* overflow-checked; the new part is not zeroed */
float *kino_alloc_floats(size_t count);                      /* zeroed, 64-byte aligned; freed with free() */
void *kino_alloc_aligned(size_t size);                       /* zeroed, 64-byte aligned; freed with free() */
void *kino_alloc_scratch(size_t size);                       /* not zeroed, 64-byte aligned: pages cost when used */
char *kino_strdup(const char *s);

/* Many small things that die together. Zero-initialise; everything handed out lives until kino_arena_free. */
typedef struct kino_arena {
    struct kino_arena_block *head;
} kino_arena;

void *kino_arena_alloc(kino_arena *a, size_t size); /* zeroed, 16-byte aligned */
char *kino_arena_strndup(kino_arena *a, const char *s, size_t n);
char *kino_arena_strdup(kino_arena *a, const char *s);  /* "" for NULL */
void kino_arena_join(kino_arena *a, kino_arena *other); /* what the other has lives with this one; it is empty then */
void kino_arena_free(kino_arena *a);

/* A growing byte buffer, always zero-terminated once something was put in. Zero-initialise; free(b.data).
 * A buffer with a bound takes no more than that: what would go beyond is left out whole, and so is all that follows. */
typedef struct kino_buffer {
    char *data;
    size_t size, capacity;
    size_t most;   /* bytes; 0: no bound */
    bool overfull; /* something was left out */
} kino_buffer;

void kino_buffer_put(kino_buffer *b, const void *bytes, size_t n);
void kino_buffer_byte(kino_buffer *b, char c);
void kino_buffer_print(kino_buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
