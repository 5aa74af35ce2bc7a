/* fuzz_snapshot.c - damaged snapshots and encoders: flipped bits, cut files, sections of other contents, sizes and
 * names, with checksums that are right again so that what lies behind them is reached. Nothing may crash, hang or reach
 * outside; answers may be wrong. KINO_FUZZ_SECONDS sets how long (3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/container.h"
#include "base/status.h"
#include "handle/handle.h"

static char folder[] = "/tmp/kino-fuzz-XXXXXX";
static char data_dir[64], path[96];

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_snapshot: %s\n", what);
        abort();
    }
}

static kino_options options(void)
{
    return (kino_options){.data_dir = data_dir,
                          .weights = getenv("KINO_TEST_WEIGHTS"),
                          .threads = 1,
                          .index = KINO_INDEX_HNSW,
                          .offline = true};
}

/* A catalogue of the sample, and its snapshot with a graph, which so small a one would not have. */
static void make(void)
{
    kino_error err = {0};
    kino_catalogue *c = NULL;
    kino_segment_builder *b = NULL;
    kino_snapshot *s = NULL;
    char database[160];
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    snprintf(path, sizeof path, "%s/snapshot.kino", data_dir);
    snprintf(database, sizeof database, "%s/catalogue.db", data_dir);
    kino_options opt = options();
    opt.threads = 0;
    const kino_build_request req = {.csv = "data/sample.csv", .credits = "tests/golden/credits.csv", .epochs = 1};
    must(!kino_build(&opt, &req, NULL, &err), err.text);
    must(!kino_snapshot_open(path, &s, &err), err.text);
    kino_stamp stamp = s->stamp;
    kino_snapshot_close(s);
    must(!kino_catalogue_open(database, KINO_CATALOGUE_READ, &c, &err), err.text);
    must(!kino_segment_builder_new(c, 0, NULL, 1, &b, &err), err.text);
    must(!kino_segment_builder_vectors(b, c, KINO_INDEX_HNSW, NULL, NULL, &err), err.text);
    must(!kino_snapshot_save(b, &stamp, NULL, 0, path, &err), err.text);
    kino_segment_builder_free(b);
    kino_catalogue_close(c);
}

/* ---- damage ---- */

static void write_file(const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    must(f && fwrite(bytes, 1, size, f) == size && !fclose(f), "cannot write");
}

/* The file as it is but for a few bytes, or its end. */
static void damage_bytes(const kino_map *sound, uint64_t seed)
{
    char *copy = malloc(sound->size);
    size_t n = sound->size, turns = 1 + kino_random(seed, 1, 0) % 8;
    memcpy(copy, sound->bytes, n);
    const size_t head = kino_random(seed, 2, 0) % 3 ? n : 8192; /* header and directory deserve more */
    for (size_t i = 0; i < turns; i++)
        copy[kino_random(seed, 3, i) % (head < n ? head : n)] ^= (char)(1 << kino_random(seed, 4, i) % 8);
    if (kino_random(seed, 5, 0) % 8 == 0)
        n = kino_random(seed, 6, 0) % n;
    write_file(copy, n);
    free(copy);
}

/* Values that sizes, places and rows are broken with. */
static uint64_t odd_value(uint64_t seed, size_t i)
{
    static const uint64_t values[] = {0,
                                      1,
                                      2,
                                      0x7f,
                                      0x80,
                                      0xff,
                                      0xffff,
                                      0x7fffffff,
                                      0x80000000,
                                      0xffffffff,
                                      UINT64_C(0x7fffffffffffffff),
                                      UINT64_MAX,
                                      UINT64_C(0x7ff8000000000000),
                                      0x7f800000,
                                      0x7fc00000,
                                      697,
                                      696,
                                      698};
    const size_t count = sizeof values / sizeof *values;
    const uint64_t pick = kino_random(seed, 20, i) % (2 * count);
    return pick < count ? values[pick] : kino_random(seed, 21, i);
}

static void damage_values(char *bytes, size_t size, size_t width, uint64_t seed)
{
    const size_t turns = kino_random(seed, 10, 0) % 4 ? 1 + kino_random(seed, 11, 0) % 6 : size / width;
    for (size_t i = 0; size >= width && i < turns; i++) {
        const uint64_t value = odd_value(seed, i);
        memcpy(bytes + kino_random(seed, 12, i) % (size / width) * width, &value, width < 8 ? width : 8);
    }
}

/* Sections with other contents or shapes, in a container whose checksums are right. */
static void damage_sections(const kino_container *c, kino_kind kind, uint64_t seed, kino_buffer *out)
{
    kino_container_writer w = {0};
    char **copies = calloc(c->count, sizeof *copies);
    const size_t victim = kino_random(seed, 7, 0) % c->count, second = kino_random(seed, 8, 0) % c->count;
    const uint64_t how = kino_random(seed, 9, 0) % 8;
    for (size_t i = 0; i < c->count; i++) {
        const kino_section *s = &c->sections[i];
        uint64_t dims[KINO_SECTION_RANK];
        memcpy(dims, s->dims, sizeof dims);
        copies[i] = malloc(s->bytes + 1);
        memcpy(copies[i], s->data, s->bytes);
        if (i == victim || (i == second && how > 3)) {
            if (how == 0)
                continue; /* absent */
            if (how == 1 && dims[0])
                dims[0] -= 1 + kino_random(seed, 13, 0) % dims[0];
            else if (strcmp(s->name, "snapshot.stamp"))
                damage_values(copies[i], s->bytes, kino_type_size(s->type), seed + i);
        }
        kino_container_add(&w, s->name, s->type, s->rank, dims, copies[i]);
    }
    kino_container_bytes(&w, kind, out);
    for (size_t i = 0; i < c->count; i++)
        free(copies[i]);
    free(copies);
    kino_container_writer_free(&w);
}

/* ---- use ---- */

/* Who and what a question names is looked up in the file. */
static void read_question(kino *k, uint64_t seed)
{
    static const char *const questions[] = {"like the godfathre with al pachino", "movies by hitchcock, not psycho",
                                            "lord rings", "tom hanks and harison ford in a serial killer thriller",
                                            "temple doom"};
    kino_wish w = {0};
    const char *question = questions[seed % (sizeof questions / sizeof *questions)];
    if (!kino_use_wishes(k, NULL))
        for (int mode = KINO_WISH_AS_SEEN; mode <= KINO_WISH_AS_TITLE; mode++) {
            kino_wish_read(k->films->reader, question, strlen(question), (kino_wish_mode)mode, &w);
            for (size_t i = 0; i < w.count; i++)
                must(strlen(w.chips[i].value) < (1 << 20), "a chip");
        }
    kino_wish_free(&w);
}

static void ask(uint64_t seed)
{
    static const int64_t films[] = {348, 11, 129, 278, 862, 949};
    kino_options opt = options();
    kino *k = NULL;
    if (seed % 4 == 0)
        opt.index = KINO_INDEX_EXACT;
    if (kino_open(&opt, &k, NULL))
        return;
    for (size_t i = 0; i < 3; i++) {
        kino_query q = {.like = &films[(seed + i) % 6], .like_count = 1, .k = 5 + seed % 40};
        kino_results *r = NULL;
        kino_matches *m = NULL;
        kino_movie *film = NULL;
        if (i == 1)
            q.filter = (kino_filter){.genres = {"Drama"}, .genre_count = 1, .year_min = 1980, .min_rating = 5};
        if (i == 2)
            q = (kino_query){.about = "a sailor and a haunted island", .k = 5 + seed % 40};
        if (!kino_recommend(k, &q, &r, NULL))
            for (size_t j = 0; j < r->count; j++)
                must(strlen(r->items[j].movie->title) < (1 << 20), "a title");
        kino_results_free(r);
        if (!kino_find(k, i ? "the godfathre" : "al", 20, &m, NULL))
            for (size_t j = 0; j < m->count; j++)
                must(strlen(m->items[j].title) < (1 << 20), "a match");
        kino_matches_free(m);
        kino_movie_get(k, films[(seed + i) % 6], &film, NULL);
        kino_movie_free(film);
    }
    read_question(k, seed);
    kino_close(k);
    if (seed % 16 == 0) {
        kino_check_report report;
        kino_check(&opt, &report, NULL);
    }
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

/* The encoder that the catalogue holds. */
static void *read_encoder(size_t *size)
{
    void *bytes = NULL;
    kino_catalogue *c = NULL;
    char database[160];
    snprintf(database, sizeof database, "%s/catalogue.db", data_dir);
    must(!kino_catalogue_open(database, KINO_CATALOGUE_READ, &c, NULL), "no catalogue");
    must(!kino_catalogue_get_blob(c, "encoder", &bytes, size, NULL), "no encoder");
    kino_catalogue_close(c);
    return bytes;
}

int main(void)
{
    const char *asked = getenv("KINO_FUZZ_SECONDS");
    const double seconds = asked ? atof(asked) : 3;
    kino_error err = {0};
    kino_container sound = {0}, encoder = {0};
    char command[256];
    size_t size;
    printf("1..1\n");
    must(mkdtemp(folder) != NULL, "no folder");
    make();
    snprintf(command, sizeof command, "cp %s %s/sound", path, folder);
    must(!system(command), "cp");
    snprintf(command, sizeof command, "%s/sound", folder);
    must(!kino_container_open(command, KINO_KIND_SNAPSHOT, KINO_VERIFY_ALL, &sound, &err), err.text);
    void *bytes = read_encoder(&size);
    must(!kino_container_view("encoder", bytes, size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &encoder, &err), err.text);
    ask(0);
    uint64_t i = 0;
    for (const clock_t begin = clock(); (double)(clock() - begin) < seconds * CLOCKS_PER_SEC; i++) {
        kino_buffer b = {0};
        alarm(120); /* a hang ends the program, and so the test */
        if (i % 4 == 3) {
            damage_sections(&encoder, KINO_KIND_ENCODER, i, &b);
            try_encoder(b.data, b.size);
        } else if (i % 4 == 2) {
            damage_bytes(&sound.map, i);
            ask(i);
        } else {
            damage_sections(&sound, KINO_KIND_SNAPSHOT, i, &b);
            write_file(b.data, b.size);
            ask(i);
        }
        free(b.data);
    }
    kino_container_close(&sound);
    kino_container_close(&encoder);
    free(bytes);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    must(!system(command), "rm");
    printf("# %llu files\nok 1 - no damaged snapshot or encoder breaks the reader\n", (unsigned long long)i);
    return 0;
}
