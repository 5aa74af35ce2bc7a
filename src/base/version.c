/* version.c - which version of the library a program is linked with. */
#include "kino.h"

int kino_version_number(void)
{
    return KINO_VERSION_NUMBER;
}

const char *kino_version(void)
{
    return KINO_VERSION;
}
