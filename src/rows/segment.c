/* segment.c - a container of columns -> films, by row. */
#include "rows/segment.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/status.h"
#include "base/utf8.h"

const size_t kino_text_offsets[KINO_TEXTS] = {
    [KINO_TEXT_TITLE] = offsetof(kino_movie, title),
    [KINO_TEXT_ORIGINAL_TITLE] = offsetof(kino_movie, original_title),
    [KINO_TEXT_IMDB_ID] = offsetof(kino_movie, imdb_id),
    [KINO_TEXT_POSTER_PATH] = offsetof(kino_movie, poster_path),
    [KINO_TEXT_DATE] = offsetof(kino_movie, date),
    [KINO_TEXT_STATUS] = offsetof(kino_movie, status),
    [KINO_TEXT_TAGLINE] = offsetof(kino_movie, tagline),
    [KINO_TEXT_OVERVIEW] = offsetof(kino_movie, overview),
};

size_t kino_segment_row(const kino_segment *s, int64_t id)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < s->count && s->ids[low] == id ? low : s->count;
}

/* ---- texts and terms ---- */

/* The first `count` strings of a film; false when its record is out of range or too short. */
static bool read_texts(const kino_segment *s, size_t row, size_t count, const char **out)
{
    uint64_t at = s->text_at[row], end = s->text_at[row + 1];
    if (at >= end || end > s->text_bytes || s->texts[end - 1])
        return false;
    for (size_t i = 0; i < count; i++) {
        if (at == end)
            return false;
        out[i] = s->texts + at;
        at += strlen(out[i]) + 1;
    }
    return true;
}

const char *kino_segment_text(const kino_segment *s, size_t row, kino_text which)
{
    const char *text[KINO_TEXTS];
    return row < s->count && read_texts(s, row, (size_t)which + 1, text) ? text[which] : "";
}

static bool is_utf8(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        if (!(text[i] & 0x80)) {
            i++;
            continue;
        }
        int32_t c;
        size_t taken = kino_utf8_next(text + i, n - i, &c);
        if (c == 0xfffd && (taken != 3 || memcmp(text + i, "\xef\xbf\xbd", 3) != 0))
            return false;
        i += taken;
    }
    return true;
}

const uint32_t *kino_segment_terms(const kino_segment *s, kino_role role, size_t row, size_t *count)
{
    const uint32_t *at = s->list_at + row * KINO_ROLES + role;
    *count = at[0] <= at[1] && at[1] <= s->list_size && at[1] - at[0] <= KINO_LIMIT_LIST ? at[1] - at[0] : 0;
    return s->list_terms + (*count ? at[0] : 0);
}

const char *kino_segment_term(const kino_segment *s, uint32_t term)
{
    if (term >= s->term_count)
        return "";
    uint32_t at = s->term_at[term], end = s->term_at[term + 1];
    return at < end && end <= s->term_bytes && !s->term_names[end - 1] ? s->term_names + at : "";
}

/* ---- films ---- */

static bool copy_list(const kino_segment *s, kino_role role, size_t row, kino_arena *arena, kino_list *out)
{
    size_t count = 0;
    const uint32_t *terms = kino_segment_terms(s, role, row, &count);
    kino_named *items = count ? kino_arena_alloc(arena, count * sizeof *items) : NULL;
    for (size_t i = 0; i < count; i++) {
        const char *name = kino_segment_term(s, terms[i]);
        if (terms[i] >= s->term_count || !is_utf8(name))
            return false;
        items[i] = (kino_named){s->term_ids[terms[i]], kino_arena_strdup(arena, name)};
    }
    *out = (kino_list){items, count};
    return true;
}

bool kino_segment_film(const kino_segment *s, size_t row, kino_arena *arena, kino_movie *out)
{
    const char *text[KINO_TEXTS];
    kino_list lists[KINO_ROLES];
    const int64_t *counts = s->counts + 2 * row;
    const double *numbers = s->numbers + 3 * row;
    if (!read_texts(s, row, KINO_TEXTS, text) || counts[0] != (int)counts[0])
        return false;
    for (size_t i = 0; i < KINO_TEXTS; i++) {
        if (!is_utf8(text[i]))
            return false;
        text[i] = kino_arena_strdup(arena, text[i]);
    }
    for (int role = 0; role < KINO_ROLES; role++)
        if (!copy_list(s, (kino_role)role, row, arena, &lists[role]))
            return false;
    const kino_list *language = &lists[KINO_ROLE_LANGUAGE], *collection = &lists[KINO_ROLE_COLLECTION];
    *out = (kino_movie){
        .id = s->ids[row],
        .language = language->count ? language->items[0].name : "",
        .year = (int)counts[0],
        .runtime = numbers[0],
        .rating = numbers[1],
        .votes = counts[1],
        .popularity = numbers[2],
        .collection = collection->count ? collection->items[0] : (kino_named){0, ""},
        .genres = lists[KINO_ROLE_GENRES],
        .keywords = lists[KINO_ROLE_KEYWORDS],
        .directors = lists[KINO_ROLE_DIRECTORS],
        .cast = lists[KINO_ROLE_CAST],
        .countries = lists[KINO_ROLE_COUNTRIES],
    };
    for (size_t i = 0; i < KINO_TEXTS; i++)
        *(const char **)(void *)((char *)out + kino_text_offsets[i]) = text[i];
    return true;
}

static void title_entry(const void *ctx, uint32_t row, kino_title_entry *out)
{
    const kino_segment *s = ctx;
    const char *text[KINO_TEXT_IMDB_ID + 1] = {"", "", ""};
    if (!read_texts(s, row, KINO_TEXT_IMDB_ID + 1, text))
        text[KINO_TEXT_TITLE] = text[KINO_TEXT_ORIGINAL_TITLE] = text[KINO_TEXT_IMDB_ID] = "";
    int64_t year = s->counts[2 * row];
    *out = (kino_title_entry){s->ids[row],
                              text[KINO_TEXT_TITLE],
                              text[KINO_TEXT_ORIGINAL_TITLE],
                              year >= 0 && year < 10000 ? (int)year : 0,
                              s->counts[2 * row + 1],
                              text[KINO_TEXT_IMDB_ID]};
}

/* ---- the container ---- */

static const void *column(const kino_container *c, const char *name, kino_type type, uint32_t rank, uint64_t rows,
                          uint64_t width, size_t *size, kino_status *st, kino_error *err)
{
    const kino_section *s = *st ? NULL : kino_container_find(c, name, type, rank, (uint64_t[]){rows, width}, err);
    if (!s) {
        *st = KINO_DAMAGED;
        return NULL;
    }
    if (size)
        *size = s->dims[0];
    return s->data;
}

static kino_status view_films(kino_segment *s, kino_error *err)
{
    const kino_container *c = &s->c;
    kino_status st = KINO_OK;
    s->ids = column(c, "film.ids", KINO_I64, 1, KINO_ANY, 0, &s->count, &st, err);
    const size_t n = s->count;
    if (!st && n >= UINT32_MAX / KINO_ROLES) /* rows and lists have numbers of 32 bits */
        return kino_fail(err, KINO_DAMAGED, "%s: film.ids is too long", c->path);
    s->counts = column(c, "film.counts", KINO_I64, 2, n, 2, NULL, &st, err);
    s->numbers = column(c, "film.numbers", KINO_F64, 2, n, 3, NULL, &st, err);
    s->text_at = column(c, "film.text_at", KINO_U64, 1, n + 1, 0, NULL, &st, err);
    s->texts = column(c, "film.texts", KINO_U8, 1, KINO_ANY, 0, &s->text_bytes, &st, err);
    s->list_at = column(c, "list.at", KINO_U32, 1, n * KINO_ROLES + 1, 0, NULL, &st, err);
    s->list_terms = column(c, "list.terms", KINO_U32, 1, KINO_ANY, 0, &s->list_size, &st, err);
    s->term_ids = column(c, "term.ids", KINO_I64, 1, KINO_ANY, 0, &s->term_count, &st, err);
    s->term_at = column(c, "term.at", KINO_U32, 1, s->term_count + 1, 0, NULL, &st, err);
    s->term_names = column(c, "term.names", KINO_U8, 1, KINO_ANY, 0, &s->term_bytes, &st, err);
    s->term_weights = column(c, "term.weights", KINO_F32, 1, s->term_count, 0, NULL, &st, err);
    return st ? st : kino_titles_view(c, n, title_entry, s, &s->titles, err);
}

static kino_status view_statistics(kino_segment *s, kino_error *err)
{
    const kino_section *section =
        kino_container_find(&s->c, "statistics", KINO_F32, 1, (uint64_t[]){KINO_STATISTICS_NUMBERS}, err);
    if (!section)
        return KINO_DAMAGED;
    memcpy(&s->statistics, section->data, sizeof s->statistics);
    if (!kino_statistics_valid(&s->statistics))
        return kino_fail(err, KINO_DAMAGED, "%s: section statistics holds none", s->c.path);
    return KINO_OK;
}

static kino_status view_esteem(kino_segment *s, kino_error *err)
{
    kino_status st = KINO_OK;
    const float *numbers = column(&s->c, "esteem", KINO_F32, 1, KINO_ESTEEM_NUMBERS, 0, NULL, &st, err);
    s->acclaim = column(&s->c, "film.acclaim", KINO_F32, 1, s->count, 0, NULL, &st, err);
    s->fame = column(&s->c, "film.fame", KINO_F32, 1, s->count, 0, NULL, &st, err);
    if (!st)
        memcpy(&s->esteem, numbers, sizeof s->esteem);
    return st;
}

static kino_status view_keywords(kino_segment *s, kino_error *err)
{
    kino_status st = KINO_OK;
    if (!kino_container_get(&s->c, "keywords.terms"))
        return KINO_OK;
    s->keyword_terms = column(&s->c, "keywords.terms", KINO_U32, 2, KINO_ANY, 2, &s->keyword_term_count, &st, err);
    return st ? st : kino_phrases_view(&s->c, "keywords", KINO_PLOT_DIM, &s->keywords, err);
}

/* What is only there with vectors. */
static kino_status view_likeness(kino_segment *s, kino_error *err)
{
    const kino_container *c = &s->c;
    kino_status st = KINO_OK;
    s->joined = column(c, "film.vectors", KINO_F32, 2, s->count, KINO_VECTOR_DIM, NULL, &st, err);
    s->profiles = column(c, "film.profiles", KINO_F32, 2, s->count, KINO_PROFILE_DIM, NULL, &st, err);
    s->plot_mean = column(c, "film.plot_mean", KINO_F32, 1, s->count, 0, NULL, &st, err);
    if (!st)
        st = view_statistics(s, err);
    if (!st)
        st = kino_vectors_view(c, s->joined, s->count, KINO_VECTOR_DIM, &s->vectors, err);
    if (!st && kino_container_get(c, "graph.shape"))
        st = kino_hnsw_view(c, s->count, &s->graph, err);
    if (!st && kino_container_get(c, "map.places"))
        s->places = column(c, "map.places", KINO_F32, 2, s->count, 2, NULL, &st, err);
    if (!st)
        st = kino_words_view(c, s->count, &s->words, err);
    if (!st)
        st = kino_naming_view(c, &s->naming, err);
    if (st || !kino_container_get(c, "facts.bytes"))
        return st;
    st = kino_facts_view(c, s->count, &s->facts, err);
    if (!st)
        st = kino_postings_view(c, "speak", true, &s->speak, err);
    if (!st)
        st = kino_postings_view(c, "have", true, &s->have, err);
    if (!st)
        st = view_esteem(s, err);
    return st ? st : view_keywords(s, err);
}

kino_status kino_segment_view(kino_container *c, kino_segment **out, kino_error *err)
{
    kino_segment *s = kino_alloc(sizeof *s);
    s->c = *c;
    *c = (kino_container){0};
    kino_status st = view_films(s, err);
    if (!st && kino_container_get(&s->c, "film.vectors"))
        st = view_likeness(s, err);
    if (st)
        kino_segment_close(s);
    else
        *out = s;
    return st;
}

void kino_segment_close(kino_segment *s)
{
    if (!s)
        return;
    kino_titles_free(s->titles);
    kino_hnsw_free(s->graph);
    kino_vectors_free(s->vectors);
    kino_words_free(s->words);
    kino_phrases_free(s->keywords);
    kino_facts_free(&s->facts);
    kino_postings_free(&s->speak);
    kino_postings_free(&s->have);
    kino_naming_free(&s->naming);
    kino_container_close(&s->c);
    free(s);
}
