/* schema.h - the catalogue's tables, version KINO_CATALOGUE_VERSION. A new version adds a step to migrations. */
#ifndef KINO_STORE_SCHEMA_H
#define KINO_STORE_SCHEMA_H

#define KINO_CATALOGUE_VERSION 3
#define KINO_CATALOGUE_APPLICATION 0x4b494e4f /* "KINO", PRAGMA application_id */

/* migrations[v] leads from version v to v + 1. */
static const char *const kino_catalogue_migrations[KINO_CATALOGUE_VERSION] = {
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "INSERT INTO meta VALUES('generation', 0);"

    "CREATE TABLE film("
    " id INTEGER PRIMARY KEY, imdb_id TEXT NOT NULL, title TEXT NOT NULL, original_title TEXT NOT NULL,"
    " language TEXT NOT NULL, date TEXT NOT NULL, year INTEGER NOT NULL,"
    " runtime REAL, rating REAL, votes INTEGER, popularity REAL," /* NULL: unknown */
    " overview TEXT NOT NULL, tagline TEXT NOT NULL, status TEXT NOT NULL, poster_path TEXT NOT NULL,"
    " collection_id INTEGER NOT NULL, collection TEXT NOT NULL," /* id 0: none */
    " source TEXT NOT NULL, fetched_at INTEGER NOT NULL);"       /* seconds since 1970 */

    /* A genre, keyword, person or country, shared by films; kind is list_kind of catalogue.c. */
    "CREATE TABLE term("
    " term_id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, tmdb_id INTEGER NOT NULL, name TEXT NOT NULL,"
    " UNIQUE(kind, tmdb_id, name));"
    "CREATE TABLE film_term("
    " film_id INTEGER NOT NULL REFERENCES film(id) ON DELETE CASCADE, role INTEGER NOT NULL,"
    " position INTEGER NOT NULL, term_id INTEGER NOT NULL REFERENCES term(term_id),"
    " PRIMARY KEY(film_id, role, position)) WITHOUT ROWID;"

    /* No foreign key: vectors may be written before their film in the same transaction. */
    "CREATE TABLE plot(film_id INTEGER PRIMARY KEY, text_hash INTEGER NOT NULL, maker INTEGER NOT NULL,"
    " vector BLOB NOT NULL);"
    "CREATE TABLE staged_plot(film_id INTEGER PRIMARY KEY, text_hash INTEGER NOT NULL, maker INTEGER NOT NULL,"
    " vector BLOB NOT NULL);"
    "CREATE TABLE profile(film_id INTEGER PRIMARY KEY, maker INTEGER NOT NULL, vector BLOB NOT NULL);"
    "CREATE TABLE blob(name TEXT PRIMARY KEY, bytes BLOB NOT NULL);",

    /* Which films were added, replaced or removed since an earlier generation, whose snapshot is wrong about them. A new
     * lineage begins with every catalogue and every clearing, so that no snapshot passes for one of other films. */
    "CREATE TABLE change(film_id INTEGER PRIMARY KEY, generation INTEGER NOT NULL);"
    "CREATE INDEX change_generation ON change(generation);"
    "INSERT INTO meta VALUES('lineage', random());",

    /* Fields of films that were filled in from elsewhere, when (seconds since 1970) and from where. No foreign key: a
     * film is replaced by removing it. */
    ("CREATE TABLE healed(film_id INTEGER NOT NULL, field TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL,"
     " PRIMARY KEY(film_id, field)) WITHOUT ROWID;"),
};

#endif
