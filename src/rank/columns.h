/* columns.h - what a wish says of every film: a number a row, [rows->count], by which rank/retrieve.c scores them.
 *
 * Rows of the base are read where their columns lie, those of a tail one by one. A number that a damaged file would make
 * endless or none at all is 0. */
#ifndef KINO_RANK_COLUMNS_H
#define KINO_RANK_COLUMNS_H

#include "rank/retrieve.h"

/* The cosine of the words' vector and the plot; 0 without a plot. */
void kino_column_plots(const kino_rows *r, const float *meaning, float *out);
/* The greatest cosine of the words' vector and a keyword of the film; .2 when none is above that. */
void kino_column_keywords(const kino_rows *r, const float *meaning, float *out);
/* The cosine of the film's genres, each counting 1, and the wishes. Returns the length of the wishes' vector; 0: no film
 * has any of these genres, and out is left as it is. */
double kino_column_genres(const kino_rows *r, const kino_genre_wish *wishes, size_t count, float *out);
/* 1 for films of these years, of one of these languages; else 0. */
void kino_column_years(const kino_rows *r, int min, int max, float *out);
void kino_column_languages(const kino_rows *r, const char *const *languages, size_t count, float *out);
/* How old a film is: 0 for the latest of all, 1 for 30 years and more before it. */
void kino_column_ages(const kino_rows *r, float *out);
/* Acclaim and fame in spreads. */
void kino_column_esteem(const kino_rows *r, float *acclaim, float *fame);

/* The mean over the rows that are not hidden, and one spread; 0: all are alike. Of thousands of films every second, third
 * and so on is looked at: of 4,000 the spread is right to a hundredth, and only moves what a part counts. */
typedef struct kino_scale {
    double mean, step;
} kino_scale;
kino_scale kino_column_scale(const kino_rows *r, const float *column);

#endif
