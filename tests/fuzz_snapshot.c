/* fuzz_snapshot.c - damaged snapshots and encoders. An input is no file but what is done to a sound one: sections of other
 * contents and shapes, with checksums that are right again so that what lies behind them is reached, or bytes of the file
 * as it lies. Nothing may crash, hang or reach outside; answers may be wrong. */
#include "fuzz_films.h"

#include "base/container.h"
#include "base/status.h"
#include "handle/handle.h"

enum { FILMS = 40, STEP = 16 };

static kino_container sound, sound_encoder;
static fuzz_file snapshot;
static void *encoder_bytes;
static int64_t *ids;
static size_t id_count;

/* ---- what is sound ---- */

static kino_options options(void)
{
    kino_options opt = fuzz_options();
    opt.index = KINO_INDEX_HNSW;
    return opt;
}

/* The snapshot with a graph, which so small a one would not have. */
static void save_graph(const char *database)
{
    kino_error err = {0};
    kino_catalogue *c = NULL;
    kino_segment_builder *b = NULL;
    kino_snapshot *s = NULL;
    size_t size;
    must(!kino_snapshot_open(snapshot.path, &s, &err), err.text);
    const kino_stamp stamp = s->stamp;
    kino_snapshot_close(s);
    must(!kino_catalogue_open(database, KINO_CATALOGUE_READ, &c, &err), err.text);
    must(!kino_segment_builder_new(c, 0, NULL, 1, &b, &err), err.text);
    must(!kino_segment_builder_vectors(b, c, KINO_INDEX_HNSW, NULL, NULL, &err), err.text);
    must(!kino_snapshot_save(b, &stamp, NULL, 0, snapshot.path, &err), err.text);
    must(!kino_catalogue_get_blob(c, "encoder", &encoder_bytes, &size, &err), err.text);
    must(!kino_container_view("e", encoder_bytes, size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &sound_encoder, &err),
         err.text);
    kino_segment_builder_free(b);
    kino_catalogue_close(c);
}

static void make(void)
{
    kino_error err = {0};
    kino *k = NULL;
    char database[128];
    kino_options opt = options();
    fuzz_make_films(FILMS);
    snprintf(database, sizeof database, "%s/catalogue.db", fuzz_data);
    fuzz_read_file("snapshot.kino", &snapshot);
    save_graph(database);
    free(snapshot.bytes);
    fuzz_read_file("snapshot.kino", &snapshot);
    uint8_t *aligned = kino_alloc_aligned(snapshot.size);
    memcpy(aligned, snapshot.bytes, snapshot.size);
    free(snapshot.bytes);
    snapshot.bytes = aligned;
    must(!kino_container_view("s", aligned, snapshot.size, KINO_KIND_SNAPSHOT, KINO_VERIFY_ALL, &sound, &err),
         err.text);
    must(!kino_open(&opt, &k, &err) && !kino_ids(k, &ids, &id_count, &err), err.text);
    kino_close(k);
}

/* ---- damage ---- */

/* A step of an input: what is done, to which section, where and how often, and a value. */
typedef struct step {
    uint8_t what, section, times, stride;
    uint32_t place;
    uint64_t value;
} step;

static step read_step(const uint8_t *at)
{
    return (step){at[0], at[1], at[2], at[3], kino_u32(at + 4), kino_u64(at + 8)};
}

/* Values of the section's own width, from the place on. */
static void set_values(char *bytes, const kino_section *s, const step *t)
{
    const size_t width = kino_type_size(s->type), count = s->bytes / width;
    size_t at = count ? t->place % count : 0;
    for (size_t i = 0; count && i <= t->times; i++, at = (at + 1 + t->stride) % count)
        memcpy(bytes + at * width, &t->value, width < 8 ? width : 8);
}

/* A container of the sound one's sections but for what the steps do; the checksums are right. */
static void damage_sections(const kino_container *c, kino_kind kind, const uint8_t *steps, size_t count,
                            kino_buffer *out)
{
    kino_container_writer w = {0};
    kino_section *s = calloc(c->count, sizeof *s);
    for (size_t i = 0; i < c->count; i++) {
        s[i] = c->sections[i];
        s[i].data = malloc(s[i].bytes + 1);
        memcpy((void *)(uintptr_t)s[i].data, c->sections[i].data, s[i].bytes);
    }
    for (size_t i = 0; i < count; i++) {
        const step t = read_step(steps + STEP * i);
        kino_section *one = &s[t.section % c->count];
        char *bytes = (char *)(uintptr_t)one->data;
        switch (t.what % 5) {
        case 0:
            one->name[0] = 0; /* it is left out */
            break;
        case 1: /* shorter */
            one->dims[0] -= one->dims[0] ? t.value % (one->dims[0] + 1) : 0;
            break;
        case 2: /* other axes of the same size */
            one->dims[1] = one->rank == 1 ? 1 : one->dims[1];
            one->rank = one->rank == 1 ? 2 : one->rank;
            break;
        default:
            set_values(bytes, one, &t);
        }
    }
    for (size_t i = 0; i < c->count; i++)
        if (s[i].name[0])
            kino_container_add(&w, s[i].name, s[i].type, s[i].rank, s[i].dims, s[i].data);
    kino_container_bytes(&w, kind, out);
    for (size_t i = 0; i < c->count; i++)
        free((void *)(uintptr_t)s[i].data);
    free(s);
    kino_container_writer_free(&w);
}

/* The file as it is but for a few bytes, or its end. */
static void damage_file(const uint8_t *steps, size_t count, kino_buffer *out)
{
    kino_buffer_put(out, snapshot.bytes, snapshot.size);
    for (size_t i = 0; i < count; i++) {
        const step t = read_step(steps + STEP * i);
        const size_t head = out->size < 8192 || t.what & 1 ? out->size : 8192; /* its directory deserves more */
        if (t.what % 8 == 7)
            out->size = t.place % (out->size + 1);
        else if (head)
            out->data[t.place % head] ^= (char)(1 + t.value % 255);
    }
}

/* ---- use ---- */

/* Who and what a question names is looked up in the file. */
static void read_question(kino *k, size_t n)
{
    static const char *const questions[] = {"like the godfathre with al pachino", "movies by hitchcock, not psycho",
                                            "lord rings", "tom hanks and harison ford in a serial killer thriller",
                                            "temple doom"};
    kino_wish w = {0};
    const char *question = questions[n % (sizeof questions / sizeof *questions)];
    if (!kino_use_wishes(k, NULL))
        for (int mode = KINO_WISH_AS_SEEN; mode <= KINO_WISH_AS_TITLE; mode++) {
            kino_wish_read(k->films->reader, question, strlen(question), (kino_wish_mode)mode, &w);
            for (size_t i = 0; i < w.count; i++)
                must(strlen(w.chips[i].value) < FUZZ_MOST, "a chip");
        }
    kino_wish_free(&w);
}

static void ask_for(kino *k, const kino_query *q)
{
    kino_results *r = NULL;
    if (!kino_recommend(k, q, &r, NULL))
        for (size_t i = 0; i < r->count; i++)
            must(strlen(r->items[i].movie->title) < FUZZ_MOST, "a title");
    kino_results_free(r);
}

static void find(kino *k, const char *text)
{
    kino_matches *m = NULL;
    kino_people *p = NULL;
    if (!kino_find(k, text, 20, &m, NULL))
        for (size_t i = 0; i < m->count; i++)
            must(strlen(m->items[i].title) < FUZZ_MOST, "a match");
    kino_matches_free(m);
    if (!kino_people_find(k, text, 3, &p, NULL))
        kino_people_free(p);
}

static void ask(uint8_t how)
{
    kino_options opt = options();
    kino *k = NULL;
    kino_movie *film = NULL;
    kino_check_report report;
    const int64_t *like = &ids[how % id_count];
    opt.index = how & 4 ? KINO_INDEX_EXACT : KINO_INDEX_HNSW;
    if (kino_open(&opt, &k, NULL))
        return;
    if (how & 8)
        kino_warm(k, NULL);
    ask_for(k, &(kino_query){.like = like, .like_count = 1, .k = 5 + how % 40});
    ask_for(k, &(kino_query){.like = like,
                             .like_count = 1,
                             .filter = {.genres = {"Drama"}, .genre_count = 1, .year_min = 1980, .min_rating = 5}});
    if (how & 64) /* for which the weights have to be read */
        ask_for(k, &(kino_query){.about = "a sailor and a haunted island", .k = 5 + how % 40});
    find(k, "the godfathre");
    find(k, "al");
    if (!kino_movie_get(k, *like, &film, NULL))
        kino_movie_free(film);
    read_question(k, how);
    if (how & 16) {
        kino_places *places = NULL;
        if (!kino_map_get(k, &places, NULL))
            kino_places_free(places);
    }
    kino_close(k);
    if (how & 32)
        kino_check(&opt, &report, NULL);
}

static void try_encoder(const void *bytes, size_t size)
{
    kino_encoder e = {0};
    void *aligned = kino_alloc_aligned(size + 1);
    memcpy(aligned, bytes, size);
    if (!kino_encoder_load("damaged", aligned, size, &e, NULL)) {
        const kino_movie film = {.id = 1,
                                 .title = "x",
                                 .language = "en",
                                 .year = 1999,
                                 .runtime = 90,
                                 .rating = 7,
                                 .votes = 10,
                                 .overview = "A sailor looks for the clock of his father.",
                                 .tagline = "",
                                 .date = ""};
        kino_sparse row = {0};
        float profile[KINO_PROFILE_DIM];
        kino_schema_rows(e.schema, &film, 1, &row);
        kino_encoder_profiles(&e, &row, 1, profile);
        kino_sparse_free(&row);
        kino_encoder_free(&e);
    }
    free(aligned);
}

/* The first byte says what is damaged, the second how it is asked; the rest are steps. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kino_buffer b = {0};
    if (!snapshot.size)
        make();
    if (size < 2)
        return 0;
    const uint8_t *steps = bytes + 2;
    const size_t count = (size - 2) / STEP;
    if (*bytes % 4 == 3) {
        damage_sections(&sound_encoder, KINO_KIND_ENCODER, steps, count, &b);
        try_encoder(b.data, b.size);
    } else {
        if (*bytes % 4 == 2)
            damage_file(steps, count, &b);
        else
            damage_sections(&sound, KINO_KIND_SNAPSHOT, steps, count, &b);
        fuzz_write_file(snapshot.path, b.data, b.size);
        ask(bytes[1]);
    }
    free(b.data);
    return 0;
}

FUZZ_MAIN("snapshot", 3, 20)
