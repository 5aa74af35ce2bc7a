/* stem.c - Porter's stemmer: five steps, each of which takes one ending off or puts a shorter one in its place.
 *
 * The conditions speak of what is left in front of an ending. Its measure m is how many times a group of vowels is
 * followed by a group of consonants: "tr" and "tree" have 0, "trouble" 1, "private" 2. A y is a vowel behind a
 * consonant, and a consonant elsewhere. */
#include "base/stem.h"

#include <stdbool.h>
#include <string.h>

typedef struct rule {
    const char *ending, *instead;
} rule;

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* Each y in a row of them is what the letter in front of it is not. */
static bool is_consonant(const char *word, size_t i)
{
    bool turned = false;
    for (; i && word[i] == 'y'; i--)
        turned = !turned;
    return is_vowel(word[i]) == turned;
}

static size_t measure(const char *word, size_t n)
{
    size_t m = 0;
    bool vowel = false;
    for (size_t i = 0; i < n; i++) {
        bool consonant = word[i] == 'y' ? !i || vowel : !is_vowel(word[i]);
        m += vowel && consonant;
        vowel = !consonant;
    }
    return m;
}

static bool has_vowel(const char *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_consonant(word, i))
            return true;
    return false;
}

static bool ends_double(const char *word, size_t n)
{
    return n > 1 && word[n - 1] == word[n - 2] && is_consonant(word, n - 1);
}

/* Whether the word ends with consonant, vowel, consonant, the last of which is not w, x or y: "hop", but not "snow". */
static bool ends_short(const char *word, size_t n)
{
    return n > 2 && is_consonant(word, n - 1) && !is_consonant(word, n - 2) && is_consonant(word, n - 3) &&
           !strchr("wxy", word[n - 1]);
}

/* Whether the word has the ending; *front is the length of what stands before it. */
static bool ends(const char *word, size_t n, const char *ending, size_t *front)
{
    size_t length = strlen(ending);
    if (n < length || memcmp(word + n - length, ending, length))
        return false;
    *front = n - length;
    return true;
}

static size_t put(char *word, size_t front, const char *instead)
{
    size_t length = strlen(instead);
    memcpy(word + front, instead, length);
    return front + length;
}

/* The first rule whose ending fits decides; it acts when the measure of the front is above `most`. */
static size_t apply(char *word, size_t n, const rule *rules, size_t count, size_t most)
{
    size_t front;
    for (size_t i = 0; i < count; i++)
        if (ends(word, n, rules[i].ending, &front))
            return measure(word, front) > most ? put(word, front, rules[i].instead) : n;
    return n;
}

/* Plurals. */
static size_t step_1a(char *word, size_t n)
{
    static const rule rules[] = {{"sses", "ss"}, {"ies", "i"}, {"ss", "ss"}, {"s", ""}};
    size_t front;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (ends(word, n, rules[i].ending, &front))
            return put(word, front, rules[i].instead);
    return n;
}

/* What "-ed" or "-ing" was taken from gets back the e it may have lost, and loses a letter it may have doubled. */
static size_t mend(char *word, size_t n)
{
    static const char *const without_e[] = {"at", "bl", "iz"};
    size_t front;
    for (size_t i = 0; i < sizeof without_e / sizeof *without_e; i++)
        if (ends(word, n, without_e[i], &front))
            return put(word, n, "e");
    if (ends_double(word, n) && !strchr("lsz", word[n - 1]))
        return n - 1;
    if (measure(word, n) == 1 && ends_short(word, n))
        return put(word, n, "e");
    return n;
}

static size_t step_1b(char *word, size_t n)
{
    size_t front;
    if (ends(word, n, "eed", &front))
        return measure(word, front) ? n - 1 : n;
    if ((ends(word, n, "ed", &front) || ends(word, n, "ing", &front)) && has_vowel(word, front))
        return mend(word, front);
    return n;
}

static size_t step_1c(char *word, size_t n)
{
    if (word[n - 1] == 'y' && has_vowel(word, n - 1))
        word[n - 1] = 'i';
    return n;
}

static size_t step_2(char *word, size_t n)
{
    static const rule rules[] = {
        {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
        {"abli", "able"},   {"alli", "al"},     {"entli", "ent"}, {"eli", "e"},     {"ousli", "ous"},
        {"ization", "ize"}, {"ation", "ate"},   {"ator", "ate"},  {"alism", "al"},  {"iveness", "ive"},
        {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},  {"iviti", "ive"}, {"biliti", "ble"},
    };
    return apply(word, n, rules, sizeof rules / sizeof *rules, 0);
}

static size_t step_3(char *word, size_t n)
{
    static const rule rules[] = {
        {"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""},
    };
    return apply(word, n, rules, sizeof rules / sizeof *rules, 0);
}

/* An ending comes before those which end like it. */
static size_t step_4(char *word, size_t n)
{
    static const rule rules[] = {
        {"al", ""},   {"ance", ""}, {"ence", ""},  {"er", ""},   {"ic", ""},  {"able", ""},
        {"ible", ""}, {"ant", ""},  {"ement", ""}, {"ment", ""}, {"ent", ""}, {"ou", ""},
        {"ism", ""},  {"ate", ""},  {"iti", ""},   {"ous", ""},  {"ive", ""}, {"ize", ""},
    };
    size_t front;
    if (ends(word, n, "ion", &front))
        return front && strchr("st", word[front - 1]) && measure(word, front) > 1 ? front : n;
    return apply(word, n, rules, sizeof rules / sizeof *rules, 1);
}

static size_t step_5(char *word, size_t n)
{
    size_t front;
    if (ends(word, n, "e", &front)) {
        size_t m = measure(word, front);
        if (m > 1 || (m == 1 && !ends_short(word, front)))
            n = front;
    }
    if (n > 1 && word[n - 1] == 'l' && word[n - 2] == 'l' && measure(word, n) > 1)
        n--;
    return n;
}

size_t kino_stem(char *word, size_t n)
{
    if (n < 3)
        return n;
    for (size_t i = 0; i < n; i++)
        if (word[i] < 'a' || word[i] > 'z')
            return n;
    n = step_1a(word, n);
    n = step_1b(word, n);
    n = step_1c(word, n);
    n = step_2(word, n);
    n = step_3(word, n);
    n = step_4(word, n);
    return step_5(word, n);
}
