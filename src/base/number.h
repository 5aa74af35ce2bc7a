/* number.h - decimal numbers, read and written the same way whatever the locale. */
#ifndef KINO_BASE_NUMBER_H
#define KINO_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Reads [+-]digits[.digits][e[+-]digits] (one digit at least) from the start of p[0..n); returns the bytes taken, 0
 * when there is no number. Correctly rounded up to 15 digits and 22 decimals, else within one unit of the last place;
 * beyond the range it is infinite or 0. */
size_t kino_number_scan(const char *p, size_t n, double *out);

/* Whether the whole text, white space around it aside, is one finite number. */
bool kino_number_parse(const char *p, size_t n, double *out);

/* The fewest of 15 to 17 digits that read back as this finite number, as "%.*g" writes them; returns their length. */
#define KINO_NUMBER_ROOM 32
size_t kino_number_print(double x, char out[KINO_NUMBER_ROOM]);

#endif
