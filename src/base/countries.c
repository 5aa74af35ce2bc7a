/* countries.c - countries by their codes and by their names. */
#include "base/countries.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Names of one country have | between them. */
static const char *const countries[][2] = {
    {"AL", "Albania"},
    {"AR", "Argentina"},
    {"AT", "Austria"},
    {"AU", "Australia"},
    {"BA", "Bosnia and Herzegovina"},
    {"BD", "Bangladesh"},
    {"BE", "Belgium"},
    {"BG", "Bulgaria"},
    {"BR", "Brazil"},
    {"CA", "Canada"},
    {"CH", "Switzerland"},
    {"CL", "Chile"},
    {"CN", "China|People's Republic of China"},
    {"CO", "Colombia"},
    {"CS", "Czechoslovakia"},
    {"CU", "Cuba"},
    {"CZ", "Czech Republic|Czechia"},
    {"DE", "Germany|West Germany|East Germany"},
    {"DK", "Denmark"},
    {"DZ", "Algeria"},
    {"EE", "Estonia"},
    {"EG", "Egypt"},
    {"ES", "Spain"},
    {"FI", "Finland"},
    {"FR", "France"},
    {"GB", "United Kingdom|UK|Great Britain|England"},
    {"GE", "Georgia"},
    {"GR", "Greece"},
    {"HK", "Hong Kong"},
    {"HR", "Croatia"},
    {"HU", "Hungary"},
    {"ID", "Indonesia"},
    {"IE", "Ireland"},
    {"IL", "Israel"},
    {"IN", "India"},
    {"IR", "Iran"},
    {"IS", "Iceland"},
    {"IT", "Italy"},
    {"JP", "Japan"},
    {"KR", "South Korea|Republic of Korea"},
    {"LB", "Lebanon"},
    {"LT", "Lithuania"},
    {"LV", "Latvia"},
    {"MA", "Morocco"},
    {"MK", "Macedonia|North Macedonia"},
    {"MX", "Mexico"},
    {"NL", "Netherlands|The Netherlands"},
    {"NO", "Norway"},
    {"NZ", "New Zealand"},
    {"PE", "Peru"},
    {"PH", "Philippines"},
    {"PK", "Pakistan"},
    {"PL", "Poland"},
    {"PT", "Portugal"},
    {"RO", "Romania"},
    {"RS", "Serbia"},
    {"RU", "Russia|Russian Federation"},
    {"SE", "Sweden"},
    {"SK", "Slovakia"},
    {"SU", "Soviet Union|USSR"},
    {"TH", "Thailand"},
    {"TN", "Tunisia"},
    {"TR", "Turkey"},
    {"TW", "Taiwan"},
    {"UA", "Ukraine"},
    {"US", "United States of America|United States|USA"},
    {"UY", "Uruguay"},
    {"VE", "Venezuela"},
    {"VN", "Vietnam"},
    {"YU", "Yugoslavia"},
    {"ZA", "South Africa"},
};

static bool is_one_of(const char *name, const char *names)
{
    const size_t length = strlen(name);
    for (const char *p = names; *p;) {
        const size_t n = strcspn(p, "|");
        if (n == length && !strncasecmp(p, name, n))
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

bool kino_is_country(const char *name, const char *code)
{
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (!strcasecmp(code, countries[i][0]) && is_one_of(name, countries[i][1]))
            return true;
    return !strcasecmp(name, code);
}
