/* test_retrieve.c - films by words and meaning: every part of a score is the formula's, written down once more here, over a
 * base with films hidden and a tail behind it. */
#include "catalogue_play.h"

#include "base/bytes.h"
#include "rank/retrieve.h"
#include "rows/keywords.h"
#include "rows/segment_builder.h"

enum {
    BASE = 120,
    FILMS = 140,
    REPLACED = 5,
    REMOVED = 7,
    GENRES = 6,
    KEYWORDS = 20,
    WITH_VECTORS = 15,
    NEAR = 8,
    WORDS = 30
};
static const char *const genre_names[GENRES] = {"Action", "Comedy", "Drama", "Horror", "Romance", "War"};
static const char *const languages[] = {"en", "fr", "ja", ""};
#define WHOLE 12.0
#define FAR 0.2

/* ---- invented films ---- */

static uint64_t drawn(uint64_t purpose, uint64_t film, uint64_t below)
{
    return kino_random(3, purpose, film) % below;
}

/* Vectors have few numbers, so that some are near and some are far. */
static void draw_vector(uint64_t purpose, uint64_t i, float *v)
{
    double sum = 0;
    memset(v, 0, KINO_PLOT_DIM * sizeof *v);
    for (uint64_t d = 0; d < NEAR; d++) {
        v[d] = kino_random_unit(purpose, i, d) - 0.5f;
        sum += (double)v[d] * v[d];
    }
    for (size_t d = 0; d < NEAR; d++)
        v[d] = (float)(v[d] / sqrt(sum));
}

static char keyword_names[KEYWORDS][16], words[WORDS][8];

static void name_things(void)
{
    static const char *const syllables[] = {"ba", "ko", "ti", "ru", "no", "mo"};
    for (int i = 0; i < KEYWORDS; i++)
        snprintf(keyword_names[i], sizeof *keyword_names, "theme %c", 'a' + i);
    for (int i = 0; i < WORDS; i++)
        snprintf(words[i], sizeof *words, "%s%s", syllables[i % 6], syllables[i / 6]);
}

typedef struct invented {
    kino_movie m;
    char title[32], overview[96];
    kino_named genre[GENRES], keyword[KEYWORDS];
    float plot[KINO_PLOT_DIM];
    bool visible;
} invented;
static invented films[FILMS + 1];

/* `version` other than 0: what takes the place of a film. */
static void invent(uint64_t i, uint64_t version, invented *f)
{
    const uint64_t n = i + 1000 * version;
    size_t used = 0;
    f->m = film((int64_t)(10 * i), f->title);
    snprintf(f->title, sizeof f->title, "Film %llu", (unsigned long long)n);
    for (uint64_t k = 0; k < 2 + drawn(1, n, 8); k++)
        used +=
            (size_t)snprintf(f->overview + used, sizeof f->overview - used, "%s ", words[drawn(2, 100 * n + k, WORDS)]);
    if (i == FILMS)
        snprintf(f->overview, sizeof f->overview, "latecomer %s", words[0]);
    f->m.overview = f->overview;
    f->m.language = languages[drawn(3, n, 4)];
    f->m.year = n % 9 ? 1940 + (int)drawn(4, n, 70) : 0;
    f->m.rating = n % 7 ? 2 + 0.1 * (double)drawn(5, n, 75) : NAN;
    f->m.votes = n % 6 ? (int64_t)exp(0.01 * (double)drawn(6, n, 900)) : -1;
    f->m.genres = f->m.keywords = f->m.cast = f->m.directors = (kino_list){0};
    for (uint64_t g = 0; g < GENRES; g++)
        if (!drawn(7, GENRES * n + g, 3))
            f->genre[f->m.genres.count++] = (kino_named){(int64_t)g + 1, genre_names[g]};
    for (uint64_t k = 0; k < KEYWORDS; k++)
        if (!drawn(8, KEYWORDS * n + k, 6))
            f->keyword[f->m.keywords.count++] = (kino_named){0, keyword_names[k]};
    f->m.genres.items = f->genre;
    f->m.keywords.items = f->keyword;
    memset(f->plot, 0, sizeof f->plot);
    if (n % 13)
        draw_vector(9, n, f->plot);
    f->visible = true;
}

static void put(kino_catalogue *c, const invented *f)
{
    float profile[KINO_PROFILE_DIM] = {1};
    assert_int_equal(kino_catalogue_put(c, &f->m, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_plot(c, f->m.id, 1, 1, f->plot, KINO_PLOT_DIM, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_profile(c, f->m.id, 1, profile, KINO_PROFILE_DIM, NULL), KINO_OK);
}

/* ---- rows of them ---- */

static kino_catalogue *catalogue;
static kino_segment_builder *base_builder, *tail_builder;
static kino_rows rows;
static float keyword_vectors[KEYWORDS][KINO_PLOT_DIM];

static kino_segment *segment_of(uint64_t since, const kino_segment *base, kino_segment_builder **b)
{
    kino_segment *s = NULL;
    assert_int_equal(kino_segment_builder_new(catalogue, since, NULL, 1, b, NULL), KINO_OK);
    assert_int_equal(kino_segment_builder_vectors(*b, catalogue, KINO_INDEX_EXACT, base, NULL, NULL), KINO_OK);
    assert_int_equal(kino_segment_builder_view(*b, &s, NULL), KINO_OK);
    return s;
}

static void hide(void *ctx, int64_t id)
{
    kino_rows_hide(ctx, id);
}

static void put_keywords(void)
{
    const char *texts[WITH_VECTORS];
    for (uint64_t k = 0; k < KEYWORDS; k++)
        draw_vector(10, k, keyword_vectors[k]);
    for (size_t k = 0; k < WITH_VECTORS; k++)
        texts[k] = keyword_names[k];
    kino_phrases *p = kino_phrases_new(texts, WITH_VECTORS, KINO_PLOT_DIM);
    for (size_t k = 0; k < WITH_VECTORS; k++)
        kino_phrases_set(p, k, keyword_vectors[k]);
    assert_int_equal(kino_keywords_put(catalogue, p, 1, NULL), KINO_OK);
    kino_phrases_free(p);
}

static int make_rows(void **state)
{
    uint64_t generation = 0;
    bool removed = false;
    if (make_folder(state))
        return -1;
    name_things();
    catalogue = created();
    assert_int_equal(kino_catalogue_begin(catalogue, NULL), KINO_OK);
    for (uint64_t i = 1; i <= BASE; i++) {
        invent(i, 0, &films[i]);
        put(catalogue, &films[i]);
    }
    put_keywords();
    assert_int_equal(kino_catalogue_commit(catalogue, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_generation(catalogue, &generation, NULL), KINO_OK);
    rows.base = segment_of(0, NULL, &base_builder);
    assert_int_equal(kino_catalogue_begin(catalogue, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_remove(catalogue, films[REMOVED].m.id, &removed, NULL), KINO_OK);
    for (uint64_t i = BASE + 1; i <= FILMS; i++) {
        invent(i, 0, &films[i]);
        put(catalogue, &films[i]);
    }
    invented *other = test_malloc(sizeof *other);
    memset(other, 0, sizeof *other);
    invent(REPLACED, 1, other);
    put(catalogue, other);
    test_free(other);
    assert_int_equal(kino_catalogue_commit(catalogue, NULL), KINO_OK);
    rows.tail = segment_of(generation, rows.base, &tail_builder);
    rows.hidden = kino_alloc_array(BASE / 64 + 1, sizeof *rows.hidden);
    assert_int_equal(kino_catalogue_changed(catalogue, generation, hide, &rows, NULL), KINO_OK);
    kino_rows_init(&rows);
    kino_rows_match_terms(&rows);
    kino_words_extend(rows.base->words, rows.hidden, rows.tail->words);
    assert_int_equal(rows.count, FILMS + 1);
    return 0;
}

static int drop_rows(void **state)
{
    kino_segment_close(rows.base);
    kino_segment_close(rows.tail);
    kino_segment_builder_free(base_builder);
    kino_segment_builder_free(tail_builder);
    free(rows.tail_terms);
    free(rows.hidden);
    kino_catalogue_close(catalogue);
    return drop_folder(state);
}

/* ---- the formula ---- */

typedef struct naive {
    invented film[FILMS + 1];
    bool visible[FILMS + 1];
    double part[FILMS + 1][KINO_FOUND_PARTS], score[FILMS + 1];
} naive;

/* The film of each row as it is now. */
static void read_rows(naive *n)
{
    for (size_t row = 0; row < rows.count; row++) {
        const uint64_t i = (uint64_t)kino_rows_id(&rows, row) / 10;
        invent(i, row >= BASE && i == REPLACED, &n->film[row]);
        n->visible[row] = row >= BASE || (i != REPLACED && i != REMOVED);
    }
}

static double product(const float *a, const float *b)
{
    double sum = 0;
    for (size_t d = 0; d < KINO_PLOT_DIM; d++)
        sum += (double)a[d] * b[d];
    return sum;
}

static void spread_of(const naive *n, const double *x, double *mean, double *step)
{
    double sum = 0, square = 0, count = 0;
    for (size_t row = 0; row < rows.count; row++)
        if (n->visible[row]) {
            sum += x[row];
            count++;
        }
    *mean = sum / count;
    for (size_t row = 0; row < rows.count; row++)
        square += n->visible[row] ? (x[row] - *mean) * (x[row] - *mean) : 0;
    *step = sqrt(square / count);
}

static void add_spreads(naive *n, kino_found_part part, const double *x, double weight)
{
    double mean, step;
    spread_of(n, x, &mean, &step);
    for (size_t row = 0; row < rows.count; row++)
        n->part[row][part] += weight * (x[row] - mean) / step;
}

static void add_plots(naive *n, kino_found_part part, const float *meaning, double weight)
{
    double x[FILMS + 1];
    for (size_t row = 0; row < rows.count; row++)
        x[row] = product(meaning, n->film[row].plot);
    add_spreads(n, part, x, weight);
}

static void add_keywords(naive *n, const float *meaning, double weight)
{
    double x[FILMS + 1];
    for (size_t row = 0; row < rows.count; row++) {
        const kino_list *own = &n->film[row].m.keywords;
        x[row] = FAR;
        for (size_t i = 0; i < own->count; i++)
            for (size_t k = 0; k < WITH_VECTORS; k++)
                if (!strcmp(own->items[i].name, keyword_names[k]))
                    x[row] = fmax(x[row], product(meaning, keyword_vectors[k]));
    }
    add_spreads(n, KINO_FOUND_KEYWORDS, x, weight);
}

/* What the index says is tested in test_words.c. */
static void add_words(naive *n, kino_found_part part, const kino_words_terms *terms, double weight)
{
    float x[FILMS + 1];
    double best = 0;
    kino_words_score(rows.base->words, terms, x);
    for (size_t row = 0; row < rows.count; row++)
        best = n->visible[row] ? fmax(best, x[row]) : best;
    for (size_t row = 0; best > 0 && row < rows.count; row++)
        n->part[row][part] += weight * x[row] / best;
}

static void add_genres(naive *n, const kino_sought *s, double weight)
{
    double wish[GENRES] = {0}, length = 0, x[FILMS + 1];
    for (size_t i = 0; i < s->genre_count; i++)
        for (size_t g = 0; g < GENRES; g++)
            if (!strcmp(s->genres[i].name, genre_names[g]))
                wish[g] += s->genres[i].weight;
    for (size_t g = 0; g < GENRES; g++)
        length += wish[g] * wish[g];
    length = sqrt(length);
    for (size_t row = 0; row < rows.count; row++) {
        const kino_list *own = &n->film[row].m.genres;
        x[row] = 0;
        for (size_t i = 0; i < own->count; i++)
            x[row] += wish[own->items[i].id - 1] / length / sqrt((double)own->count);
    }
    add_spreads(n, KINO_FOUND_GENRES, x, weight * fmin(length, 1));
}

/* Acclaim and fame in spreads of all films of the base, also of those that are hidden by now. */
static void esteem(const naive *n, double *acclaim, double *fame)
{
    double mean = 0, rated = 0, sum[2] = {0}, square[2] = {0};
    for (uint64_t i = 1; i <= BASE; i++)
        if (films[i].m.votes > 0 && !isnan(films[i].m.rating)) {
            mean += films[i].m.rating;
            rated++;
        }
    mean /= rated;
    for (int pass = 0; pass < 3; pass++)
        for (size_t row = 0; row < (pass < 2 ? BASE : rows.count); row++) {
            const kino_movie *m = pass < 2 ? &films[row + 1].m : &n->film[row].m;
            const double v = m->votes > 0 && !isnan(m->rating) ? (double)m->votes : 0;
            const double a = ((v > 0 ? v * m->rating : 0) + 300 * mean) / (v + 300);
            const double f = log(1 + (m->votes > 0 ? (double)m->votes : 0));
            if (pass == 0) {
                sum[0] += a / BASE;
                sum[1] += f / BASE;
            } else if (pass == 1) {
                square[0] += (a - sum[0]) * (a - sum[0]) / BASE;
                square[1] += (f - sum[1]) * (f - sum[1]) / BASE;
            } else {
                acclaim[row] = (a - sum[0]) / sqrt(square[0]);
                fame[row] = (f - sum[1]) / sqrt(square[1]);
            }
        }
}

static void add_esteem(naive *n, const kino_sought *s, double a, double f)
{
    double acclaim[FILMS + 1], fame[FILMS + 1];
    esteem(n, acclaim, fame);
    a += (s->ranks & KINO_RANK_BEST ? 1.2 : 0) + (s->ranks & KINO_RANK_CLASSIC ? 0.8 : 0) -
         (s->ranks & KINO_RANK_WORST ? 2 : 0) - (s->ranks & KINO_RANK_OVERRATED ? 1.2 : 0) +
         (s->ranks & KINO_RANK_CULT ? 0.2 : 0);
    f += (s->ranks & KINO_RANK_BEST ? 0.3 : 0) + (s->ranks & KINO_RANK_CLASSIC ? 0.5 : 0) +
         (s->ranks & KINO_RANK_WORST ? 0.4 : 0) + (s->ranks & KINO_RANK_OVERRATED ? 1.2 : 0) +
         (s->ranks & KINO_RANK_CULT ? 0.2 : 0) + (s->ranks & KINO_RANK_POPULAR ? 1.5 : 0) + 1.5 * s->popularity;
    for (size_t row = 0; row < rows.count; row++) {
        double *part = n->part[row];
        part[KINO_FOUND_ACCLAIM] = a * acclaim[row];
        part[KINO_FOUND_FAME] = f * fame[row];
        if (s->ranks & KINO_RANK_HIDDEN) {
            part[KINO_FOUND_ACCLAIM] = 1.5 * fmin(acclaim[row], 1.5);
            part[KINO_FOUND_FAME] = -3 * fmax(0, fame[row] - 0.5) - fmax(0, -0.8 - fame[row]);
        } else if (s->ranks & KINO_RANK_OBSCURE) {
            part[KINO_FOUND_ACCLAIM] = 0.5 * acclaim[row];
            part[KINO_FOUND_FAME] = -2.5 * fmax(0, fame[row] + 0.3) - 0.8 * fmax(0, -1.3 - fame[row]);
        }
    }
}

static void add_years(naive *n, const kino_sought *s)
{
    int latest = 0;
    for (size_t row = 0; row < rows.count; row++)
        latest = n->visible[row] && n->film[row].m.year > latest ? n->film[row].m.year : latest;
    for (size_t row = 0; row < rows.count; row++) {
        const int year = n->film[row].m.year;
        double *part = &n->part[row][KINO_FOUND_ERA];
        if (s->year_min || s->year_max)
            *part = year && year >= s->year_min && year <= s->year_max ? s->decade ? 2 : 1.5 : 0;
        else if (s->ranks & KINO_RANK_CLASSIC)
            *part = year ? 1.2 * fmin((latest - year) / 30.0, 1) : 0;
    }
}

static void work_out(const kino_sought *s, naive *n)
{
    const bool words_asked = s->about.meaning || s->about.terms, nothing = !words_asked && !s->likeness;
    const double less = s->likeness ? 0.35 : 1;
    memset(n, 0, sizeof *n);
    read_rows(n);
    if (s->about.meaning) {
        add_plots(n, KINO_FOUND_PLOT, s->about.meaning, less);
        add_keywords(n, s->about.meaning, 0.5 * less);
    }
    if (s->about.terms)
        add_words(n, KINO_FOUND_WORDS, s->about.terms, (s->mood ? 3 : 6) * less);
    if (s->genre_count)
        add_genres(n, s, s->likeness ? 1.5 : s->mood ? 1.5 : 0.8);
    for (size_t i = 0; i < s->without_count; i++) {
        add_plots(n, KINO_FOUND_AWAY, s->without[i].meaning, -0.5);
        add_words(n, KINO_FOUND_AWAY, s->without[i].terms, -0.7 * 6);
    }
    add_esteem(n, s,
               nothing       ? 1
               : s->likeness ? 0.25
               : s->decade   ? 0.5
               : s->mood     ? 0.8
                             : 0.25,
               nothing       ? 0.6
               : s->likeness ? 0.15
               : s->decade   ? 0.4
               : s->mood     ? 0.5
                             : 0.15);
    add_years(n, s);
    for (size_t row = 0; row < rows.count; row++) {
        if (s->title == row + 1)
            n->part[row][KINO_FOUND_TITLE] = 36;
        if (s->likeness)
            n->part[row][KINO_FOUND_LIKENESS] = 2 * s->likeness[row];
        if (s->dislike)
            n->part[row][KINO_FOUND_AWAY] -= 0.7 * s->dislike[row];
        for (size_t i = 0; i < s->language_count; i++)
            n->part[row][KINO_FOUND_LANGUAGE] += !strcmp(n->film[row].m.language, s->languages[i]);
        for (int p = 0; p < KINO_FOUND_PARTS; p++) {
            n->part[row][p] *= (s->times ? s->times[p] : 1) / WHOLE;
            n->score[row] += n->part[row][p];
        }
    }
}

/* ---- compared ---- */

static naive worked_out;

static kino_allowed all_allowed(void)
{
    const kino_filter none = {0};
    kino_allowed a;
    kino_allowed_init(&rows, &none, &a);
    return a;
}

/* All films in order, each part as it was worked out; bytes are off by a hundredth of a cosine at most. */
static void agrees(const char *name, const kino_sought *s)
{
    kino_allowed allowed = all_allowed();
    kino_found *found = NULL, *few = NULL;
    const size_t count = kino_retrieve(&rows, s, &allowed, rows.count, &found);
    work_out(s, &worked_out);
    assert_int_equal(count, FILMS - 1);
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        assert_true(worked_out.visible[found[i].row]);
        assert_int_equal(found[i].id, kino_rows_id(&rows, found[i].row));
        for (int p = 0; p < KINO_FOUND_PARTS; p++) {
            const double expected = worked_out.part[found[i].row][p], own = found[i].parts[p];
            if (!(fabs(own - expected) < 0.004))
                fail_msg("%s: film %lld: %s is %g, not %g", name, (long long)found[i].id,
                         kino_found_part_name((kino_found_part)p), own, expected);
            sum += own;
        }
        assert_true(sum == found[i].score);
        if (i)
            assert_true(found[i - 1].score > found[i].score ||
                        (found[i - 1].score == found[i].score && found[i - 1].id < found[i].id));
    }
    assert_int_equal(kino_retrieve(&rows, s, &allowed, 7, &few), 7);
    for (size_t i = 0; i < 7; i++)
        assert_memory_equal(&few[i], &found[i], sizeof *few);
    free(few);
    free(found);
    kino_allowed_free(&allowed);
}

static void every_part_is_that_of_the_formula(void **state)
{
    (void)state;
    static const kino_genre_wish wishes[] = {{"Horror", 0.8}, {"War", 0.3}, {"Horror", 0.1}, {"Nonsense", 2}};
    static const char *const french[] = {"fr", "ja"};
    const double times[KINO_FOUND_PARTS] = {2, 0, 1, 1, 1, 1, 1, 0.5, 1, 1};
    float meaning[KINO_PLOT_DIM], other[KINO_PLOT_DIM], like[FILMS + 1];
    kino_words_terms terms, not ;
    draw_vector(11, 1, meaning);
    draw_vector(11, 2, other);
    for (size_t row = 0; row < rows.count; row++)
        like[row] = 4 * kino_random_unit(12, row, 0) - 2;
    kino_words_query(rows.base->words, "bako tiru baba", 14, &terms);
    kino_words_query(rows.base->words, "runo", 4, &not );
    assert_true(terms.count >= 3 && not .count >= 1);
    const kino_about about = {&terms, meaning}, without[] = {{&not, other}};
    agrees("words", &(kino_sought){.about = about});
    agrees("terms alone", &(kino_sought){.about = {&terms, NULL}});
    agrees("genres too", &(kino_sought){.about = about, .genres = wishes, .genre_count = 4});
    agrees("a mood", &(kino_sought){.about = about, .genres = wishes, .genre_count = 4, .mood = true});
    agrees("nothing", &(kino_sought){0});
    agrees("likeness", &(kino_sought){.about = about, .likeness = like, .genres = wishes, .genre_count = 2});
    agrees("likeness of a mood", &(kino_sought){.about = about, .mood = true, .likeness = like});
    agrees("a title", &(kino_sought){.about = about, .title = 8});
    agrees("likeness alone", &(kino_sought){.likeness = like, .dislike = like});
    agrees("without", &(kino_sought){.about = about, .without = without, .without_count = 1});
    agrees("years", &(kino_sought){.about = about, .year_min = 1970, .year_max = 1989});
    agrees("a decade", &(kino_sought){.about = about, .year_min = 1970, .year_max = 1979, .decade = true});
    agrees("languages", &(kino_sought){.about = about, .languages = french, .language_count = 2});
    agrees("times", &(kino_sought){.about = about, .times = times, .popularity = -0.5});
    for (unsigned rank = KINO_RANK_BEST; rank <= KINO_RANK_CULT; rank *= 2)
        agrees("a rank", &(kino_sought){.about = about, .ranks = rank});
    agrees("ranks", &(kino_sought){.ranks = KINO_RANK_CLASSIC | KINO_RANK_POPULAR});
}

/* A score is that of the film, whatever else may be answered. */
static void filters_move_no_score(void **state)
{
    (void)state;
    float meaning[KINO_PLOT_DIM];
    kino_words_terms terms;
    draw_vector(11, 1, meaning);
    kino_words_query(rows.base->words, "bako tiru", 9, &terms);
    const kino_sought s = {.about = {&terms, meaning}};
    kino_allowed all = all_allowed(), some = all_allowed();
    kino_found *wide = NULL, *narrow = NULL;
    for (size_t row = 0; row < rows.count; row++)
        if (row % 3)
            kino_allowed_clear(&rows, row, &some);
    const size_t wide_count = kino_retrieve(&rows, &s, &all, rows.count, &wide);
    const size_t narrow_count = kino_retrieve(&rows, &s, &some, 20, &narrow);
    assert_int_equal(narrow_count, 20);
    for (size_t i = 0, j = 0; j < narrow_count; i++) {
        assert_true(i < wide_count);
        if (wide[i].row % 3)
            continue;
        assert_memory_equal(&wide[i], &narrow[j], sizeof *wide);
        j++;
    }
    free(wide);
    free(narrow);
    kino_allowed_free(&all);
    kino_allowed_free(&some);
}

static void a_later_film_is_found_by_its_words(void **state)
{
    (void)state;
    kino_words_terms terms;
    kino_words_query(rows.base->words, "latecomer", 9, &terms);
    const kino_sought s = {.about = {&terms, NULL}};
    kino_allowed all = all_allowed();
    kino_found *found = NULL;
    assert_int_equal(kino_retrieve(&rows, &s, &all, 3, &found), 3);
    assert_int_equal(found[0].id, 10 * FILMS);
    assert_true(found[0].parts[KINO_FOUND_WORDS] > 0.49);
    assert_true(found[1].parts[KINO_FOUND_WORDS] == 0);
    free(found);
    kino_allowed_free(&all);
}

/* ---- phrases ---- */

static void phrases_are_found_and_compared(void **state)
{
    (void)state;
    static const char *const texts[] = {"a", "aa", "heist", "heist film", "z"};
    enum { COUNT = 5 };
    float v[COUNT][KINO_PLOT_DIM], query[KINO_PLOT_DIM], cosines[COUNT], again[COUNT];
    kino_phrases *p = kino_phrases_new(texts, COUNT, KINO_PLOT_DIM), *q = kino_phrases_new(texts, COUNT, KINO_PLOT_DIM);
    draw_vector(13, COUNT, query);
    for (size_t i = 0; i < COUNT; i++) {
        draw_vector(13, i, v[i]);
        kino_phrases_set(p, i, v[i]);
        kino_phrases_take(q, i, p, i);
        assert_int_equal(kino_phrases_find(p, texts[i], strlen(texts[i])), i);
    }
    assert_int_equal(kino_phrases_find(p, "heis", 4), COUNT);
    assert_int_equal(kino_phrases_find(p, "", 0), COUNT);
    kino_phrases_cosines(p, query, cosines);
    kino_phrases_cosines(q, query, again);
    assert_memory_equal(cosines, again, sizeof cosines);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(fabs(cosines[i] - product(query, v[i])) < 0.01);
    kino_phrases_free(p);
    kino_phrases_free(q);
}

static void the_blob_of_keywords_is_believed_when_whole(void **state)
{
    (void)state;
    kino_keywords k;
    void *bytes = NULL;
    size_t size = 0;
    assert_int_equal(kino_keywords_read(catalogue, &k, NULL), KINO_OK);
    assert_int_equal(kino_phrases_count(k.phrases), WITH_VECTORS);
    assert_int_equal(k.maker, 1);
    kino_keywords_free(&k);
    assert_int_equal(kino_catalogue_get_blob(catalogue, "keywords", &bytes, &size, NULL), KINO_OK);
    ((char *)bytes)[size - 9] ^= 1;
    assert_int_equal(kino_catalogue_begin(catalogue, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_blob(catalogue, "keywords", bytes, size, NULL), KINO_OK);
    assert_int_equal(kino_keywords_read(catalogue, &k, NULL), KINO_OK);
    assert_null(k.phrases);
    kino_catalogue_rollback(catalogue);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_that_of_the_formula),           cmocka_unit_test(filters_move_no_score),
        cmocka_unit_test(a_later_film_is_found_by_its_words),          cmocka_unit_test(phrases_are_found_and_compared),
        cmocka_unit_test(the_blob_of_keywords_is_believed_when_whole),
    };
    return cmocka_run_group_tests(tests, make_rows, drop_rows);
}
