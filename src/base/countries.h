/* countries.h - countries by their codes and by their names. */
#ifndef KINO_BASE_COUNTRIES_H
#define KINO_BASE_COUNTRIES_H

#include <stdbool.h>

/* Whether what a data set calls a country ("France", "United States of America", "FR") is that of an ISO 3166-1 code; those
 * that are no more have the code that they had. A code that is not known is only equal to itself. */
bool kino_is_country(const char *name, const char *code);

#endif
