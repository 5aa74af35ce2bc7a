/* fuzz_catalogue.c - catalogues that somebody has changed with SQL: an input chooses a few UPDATEs and DELETEs on a sound
 * one, which is then opened, asked, checked and made into a snapshot. Nothing may crash or hang, no score is anything but
 * a number, and what kino_check calls sound can be asked. */
#include "fuzz_films.h"

#include <math.h>
#include <sqlite3.h>

enum { FILMS = 24, STEP = 14, MOST_COLUMNS = 96 };

static fuzz_file catalogue, snapshot;
static char columns[MOST_COLUMNS][2][40]; /* table and column */
static size_t column_count;

static void must_run(int code, sqlite3 *db)
{
    must(code == SQLITE_OK || code == SQLITE_DONE, sqlite3_errmsg(db));
}

static void read_columns(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    must_run(sqlite3_prepare_v2(db,
                                "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c "
                                "WHERE m.type = 'table' ORDER BY 1, c.cid",
                                -1, &s, NULL),
             db);
    while (column_count < MOST_COLUMNS && sqlite3_step(s) == SQLITE_ROW) {
        for (int i = 0; i < 2; i++)
            snprintf(columns[column_count][i], sizeof columns[0][0], "%s", (const char *)sqlite3_column_text(s, i));
        column_count++;
    }
    sqlite3_finalize(s);
}

static sqlite3 *open_database(void)
{
    sqlite3 *db = NULL;
    must_run(sqlite3_open(catalogue.path, &db), db);
    must_run(sqlite3_exec(db, "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF", NULL, NULL, NULL), db);
    return db;
}

static void make(void)
{
    fuzz_make_films(FILMS);
    snprintf(catalogue.path, sizeof catalogue.path, "%s/catalogue.db", fuzz_data);
    sqlite3 *db = open_database();
    must_run(sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), db);
    read_columns(db);
    sqlite3_close(db);
    fuzz_read_file("catalogue.db", &catalogue);
    fuzz_read_file("snapshot.kino", &snapshot);
}

/* ---- damage ---- */

static const char *const texts[] = {
    "",   "Heat",       "\xff\xfe",  "a\n\tb",     "\xF0\x9F\x8E\xAC", "<b>&",
    "en", "1999-13-45", "tt0000000", "generation", "encoder",          "\xE2\x80\xAE\xCC\x81"};

/* The value that a column gets, as an expression with ?1 (a number), ?2 (a text) and the column itself as %s. */
static const char *const values[] = {"NULL",
                                     "?1",
                                     "CAST(?1 AS REAL) / 3",
                                     "?2",
                                     "%s || ?2",
                                     "zeroblob(?1 & 8191)",
                                     "substr(%s, 1, ?1 & 4095)",
                                     "substr(%s, 2)",
                                     "%s + ?1",
                                     "-%s",
                                     "CAST(%s AS BLOB)",
                                     "CAST(%s AS TEXT)",
                                     "1e308 * 10",
                                     "substr(%s, 1, ?1 & 255) || x'0000c07f' || substr(%s, (?1 & 255) + 5)",
                                     "substr(%s, 1, ?1 & 4095) || x'ff' || substr(%s, (?1 & 4095) + 2)",
                                     "printf('%%.*c', ?1 & 65535, 'x')",
                                     "(SELECT %s FROM %t ORDER BY 1 LIMIT 1 OFFSET ?1 & 15)"};

/* %s is the column, %t the table, %% a percent sign. */
static void put_expression(kino_buffer *b, const char *form, const char *table, const char *column)
{
    for (const char *p = form; *p; p++) {
        if (*p != '%')
            kino_buffer_byte(b, *p);
        else if (*++p == '%')
            kino_buffer_byte(b, '%');
        else
            kino_buffer_print(b, "%s", *p == 't' ? table : column);
    }
}

/* What rows of a table are told apart by; some tables have no rowid. */
static const char *number_of_row(const char *table)
{
    if (!strcmp(table, "film_term"))
        return "film_id * 31 + role * 7 + position";
    return !strcmp(table, "meta") ? "length(name)" : !strcmp(table, "healed") ? "film_id" : "rowid";
}

/* One statement: which column, what it becomes, and in which rows; what SQLite refuses does nothing. */
static void damage(sqlite3 *db, const uint8_t *step)
{
    const size_t c = step[0] % column_count;
    const char *table = columns[c][0], *column = columns[c][1];
    kino_buffer b = {0};
    sqlite3_stmt *s = NULL;
    if (step[1] % 16 == 15)
        kino_buffer_print(&b, "DELETE FROM %s", table);
    else {
        kino_buffer_print(&b, "UPDATE OR REPLACE %s SET %s = ", table, column);
        put_expression(&b, values[step[2] % (sizeof values / sizeof *values)], table, column);
    }
    if (step[3]) /* else every row */
        kino_buffer_print(&b, " WHERE (%s) %% %d = %d", number_of_row(table), 1 + step[3] % 16,
                          step[4] % (1 + step[3] % 16));
    if (!sqlite3_prepare_v2(db, b.data, -1, &s, NULL)) {
        sqlite3_bind_int64(s, 1, (int64_t)kino_u64(step + 6));
        sqlite3_bind_text(s, 2, texts[step[5] % (sizeof texts / sizeof *texts)], -1, SQLITE_STATIC);
        sqlite3_step(s);
    }
    sqlite3_finalize(s);
    free(b.data);
}

static void remove_beside(const char *ending)
{
    char path[160];
    snprintf(path, sizeof path, "%s%s", catalogue.path, ending);
    unlink(path);
}

static void restore(bool with_snapshot)
{
    remove_beside("-wal");
    remove_beside("-shm");
    fuzz_write_file(catalogue.path, catalogue.bytes, catalogue.size);
    if (with_snapshot)
        fuzz_write_file(snapshot.path, snapshot.bytes, snapshot.size);
    else
        unlink(snapshot.path);
}

/* ---- use ---- */

static void sound_or(bool sound, kino_status st, const kino_error *err)
{
    must(!sound || (st != KINO_DAMAGED && st != KINO_FAILED), err->text);
}

static void ask_for(kino *k, const kino_query *q, bool sound)
{
    kino_error err = {0};
    kino_results *r = NULL;
    const kino_status st = kino_recommend(k, q, &r, &err);
    sound_or(sound, st, &err);
    for (size_t i = 0; !st && i < r->count; i++)
        must(isfinite(r->items[i].score) && r->items[i].movie->title, "a score is no number");
    kino_results_free(r);
}

static void look_at(kino *k, int64_t id)
{
    kino_movie *m = NULL;
    if (!kino_movie_get(k, id, &m, NULL))
        kino_movie_free(m);
    m = NULL;
    if (!kino_movie_get_all(k, id, &m, NULL))
        kino_movie_free(m);
}

static void ask(const kino_options *opt, bool sound)
{
    kino *k = NULL;
    kino_error err = {0};
    kino_info info;
    kino_matches *m = NULL;
    kino_places *places = NULL;
    int64_t *ids = NULL;
    size_t count = 0;
    const kino_status st = kino_open(opt, &k, &err);
    sound_or(sound, st, &err);
    if (st)
        return;
    kino_get_info(k, &info, NULL);
    kino_ids(k, &ids, &count, NULL);
    for (size_t i = 0; i < count && i < 3; i++) {
        look_at(k, ids[i]);
        ask_for(k, &(kino_query){.like = &ids[i], .like_count = 1, .k = 8}, sound);
    }
    ask_for(k, &(kino_query){.about = "a quiet drama of the 90s with tom hanks", .k = 5}, sound);
    ask_for(k, &(kino_query){.filter = {.genres = {"Drama"}, .genre_count = 1, .year_min = 1960}}, sound);
    if (!kino_find(k, "the godfathre", 5, &m, NULL))
        kino_matches_free(m);
    if (!kino_map_get(k, &places, NULL))
        kino_places_free(places);
    free(ids);
    kino_close(k);
}

/* The first byte says what is beside the catalogue; the rest are statements. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    enum { MOST_STEPS = 6 };
    kino_check_report report;
    kino_error err = {0};
    if (!catalogue.size)
        make();
    if (!size)
        return 0;
    const kino_options opt = fuzz_options();
    restore(*bytes & 1);
    sqlite3 *db = open_database();
    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    for (size_t i = 0; i < (size - 1) / STEP && i < MOST_STEPS; i++)
        damage(db, bytes + 1 + STEP * i);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);
    const bool sound = !kino_check(&opt, &report, &err);
    ask(&opt, sound);
    if (*bytes & 2) {
        sound_or(sound, kino_reindex(&opt, &err), &err);
        ask(&opt, sound);
    }
    return 0;
}

FUZZ_MAIN("catalogue", 2, 8)
