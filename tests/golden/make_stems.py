#!/usr/bin/env python3
"""Prints tests/golden/stems.txt: words and their stems, a pair a line, by Snowball's port of Porter's stemmer of 1980.

    python3 tests/golden/make_stems.py >tests/golden/stems.txt      (needs: snowballstemmer)

The words are common ones, and roots with every ending that the algorithm knows, so that each rule is met where it acts
and where its condition forbids it; that the result is no word does not matter. Left out are k, v and other letters
doubled before -ed and -ing ("trekking"), where the port keeps both letters and the paper does not.
"""
import snowballstemmer

COMMON = """
    abilities abyss agreed alien aliens amusing ancient apocalypse apply assassin assassination babies baptized betrayal
    betrayed boss bosses boy boyish boys brothers buses business busy buying by bye caring caresses casinos cats chase
    chased chasing children cities city classes clown comedies comedy conflated conspiracy controlled controller controlling
    cowboy cries crime criminality crying daily day dead deadly death decision defensible definitely dependent detective
    detectives died dies disappearance dreamy dying dystopia dystopian eerie electrical emotional enemy enjoy enjoyed envy
    eye eyes failing families family feed feudal fly flying formality friendliness friendly friendship ghostly ghosts giggled
    grief haunting heist hesitancy hidden hissing historical history hoping hopping horribly humiliation identity illness
    immortality incredibly
    investigation irrational island jealousy juries jury killer killers king kingdom kiss kissed knitted knives lawyer
    loneliness lonely love loved lover loves loving lying magically marriage married marries marry miners misunderstood
    molest monstrous motherly moving murder murdered murderous musical mysterious mystery myth nationalism necessitate
    newly nuclear oaths obey obeyed obsession obsessive occurrence opera orphanage owed owing partnership passengers
    plastered player plays political ponies possibility prey preying princess prison prisoner probate provincial psychological
    queue quick racing radically ran rate rational ready rebellion rebellious relational reliability replacement rescue
    rescued rescuing responsibility revenge revival revolution ringing robbers robbery robbing roll rolled running sadness
    said say sees sensibilities seen seized sensational series shy sing singer singing sinking sized skies sky skyscraper
    snow snowed soldiers solitary spies spy stories story strangely stranger struggles struggling studies study supernatural
    survival surviving survivor swimming syzygy tanned terrorism thieves thing ties toy toys traditional tragically trees
    tries troubled try tying types ugliness uncontrollable universal university vampires veil vengeance vietnamization
    villainous violence violently virginity voyeur walk walked wedding weird wish wished witnesses witty woman women
    writing yacht yearning yes yoyo youth zombies
""".split()
ROOTS = ["b", "ow", "tr", "hop", "snow", "play", "fall", "hiss", "buzz", "ration", "motor", "adapt", "gyrosc", "oscill"]
ENDINGS = """
    s ss es sses ies y ed eed ing ated ating bled bling ized izing ational tional enci anci izer abli alli entli eli ousli
    ization ation ator alism iveness fulness ousness aliti iviti biliti icate ative alize iciti ical ful ness al ance ence
    er ic able ible ant ement ment ent ion sion tion ou ism ate iti ous ive ize e ell
""".split()


def main():
    stemmer = snowballstemmer.stemmer("porter")
    words = set(COMMON) | {root + ending for root in ROOTS for ending in ENDINGS}
    for word in sorted(word for word in words if len(word) > 2):
        print(word, stemmer.stemWord(word))


if __name__ == "__main__":
    main()
