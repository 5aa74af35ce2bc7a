/* tables.c - the words that the reader knows, written by hand.
 *
 * A phrase is words as they are read: folded, without "'s", what is hyphenated in two words. Phrases of one meaning
 * stand in one string, with | between them; the order inside a table is free. tests/test_wish.c checks that no phrase
 * says two things in one table. */
#include "wish/tables.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

const char *const kino_wish_genre_names[KINO_WISH_GENRES] = {
    "Action",          "Adventure", "Animation", "Comedy", "Crime",   "Documentary", "Drama",
    "Family",          "Fantasy",   "History",   "Horror", "Music",   "Mystery",     "Romance",
    "Science Fiction", "TV Movie",  "Thriller",  "War",    "Western",
};

const kino_wish_genre_words kino_wish_genre_table[] = {
    {"comedy|comedies|dramedy|dramedies|sitcom", "Comedy", KINO_WISH_CERTAIN},
    {"romcom|romcoms|rom com|rom coms|romantic comedy|romantic comedies", "Romance+Comedy", KINO_WISH_CERTAIN},
    {"horror|horrors", "Horror", KINO_WISH_CERTAIN},
    {"horror comedy|comedy horror|horror comedies", "Horror+Comedy", KINO_WISH_CERTAIN},
    {"thriller|thrillers", "Thriller", KINO_WISH_CERTAIN},
    {"sci fi|scifi|sciencefiction|science fiction|sf|syfy", "Science Fiction", KINO_WISH_CERTAIN},
    {"animation|animated|animations|cartoons|cartoon", "Animation", KINO_WISH_CERTAIN},
    {"documentary|documentaries|docu|docs|docus|doc|documentarys", "Documentary", KINO_WISH_CERTAIN},
    {"western|westerns", "Western", KINO_WISH_CERTAIN},
    {"musical|musicals", "Music", KINO_WISH_CERTAIN},
    {"drama", "Drama", KINO_WISH_PLACED},
    {"dramas", "Drama", KINO_WISH_PLURAL},
    {"romance|romantic", "Romance", KINO_WISH_PLACED},
    {"romances", "Romance", KINO_WISH_PLURAL},
    {"action|actioner", "Action", KINO_WISH_PLACED},
    {"actioners", "Action", KINO_WISH_PLURAL},
    {"adventure", "Adventure", KINO_WISH_PLACED},
    {"adventures", "Adventure", KINO_WISH_PLURAL},
    {"crime", "Crime", KINO_WISH_PLACED},
    {"family", "Family", KINO_WISH_PLACED},
    {"fantasy", "Fantasy", KINO_WISH_PLACED},
    {"fantasies", "Fantasy", KINO_WISH_PLURAL},
    {"history|historical", "History", KINO_WISH_PLACED},
    {"music", "Music", KINO_WISH_PLACED},
    {"mystery", "Mystery", KINO_WISH_PLACED},
    {"mysteries", "Mystery", KINO_WISH_PLURAL},
    {"war", "War", KINO_WISH_PLACED},
    {"tv movie|tv movies|made for tv", "TV Movie", KINO_WISH_CERTAIN},
    {"family drama|family dramas", "Drama", KINO_WISH_LAST},
    {"war drama|war dramas", "War+Drama", KINO_WISH_CERTAIN},
    {"crime drama", "Crime+Drama", KINO_WISH_CERTAIN},
    {"crime thriller", "Crime+Thriller", KINO_WISH_CERTAIN},
};
const size_t kino_wish_genre_count = COUNT(kino_wish_genre_table);

/* Kinds of films that are no genre. What is named is a chip, whose words are matched and not left in the rest. */
const kino_wish_theme_words kino_wish_theme_table[] = {
    {"whodunit|whodunits|who dunnit|whodunnit|whodunnits|murder mystery|murder mysteries", "Mystery 1, Crime .7",
     "whodunit murder mystery detective", true},
    {"noir|noirs|film noir|films noirs|noirish", "Crime 1, Thriller .5, Mystery .5", "film noir", true},
    {"neo noir|neonoir", "Crime 1, Thriller .7", "neo noir", true},
    {"biopic|biopics|biographical", "Drama 1, History .6", "biography", true},
    {"biography", "Drama 1, History .6", "biography", false},
    {"superhero|superheroes|super hero|super heroes|comic book movie|comic book movies",
     "Action .7, Science Fiction .5, Fantasy .4, Adventure .5", "super power marvel comic dc comics based comic",
     false},
    {"martial arts|kung fu|kungfu|wuxia|karate", "Action 1", "martial arts", false},
    {"slasher|slashers", "Horror 1", "slasher", false},
    {"parody|parodies|spoof|spoofs", "Comedy 1", "parody spoof", false},
    {"spy|spies|espionage|secret agent|secret agents", "Thriller .7, Action .5", "espionage secret agent cia mi6",
     false},
    {"gangster|gangsters|mafia|mob", "Thriller .6, Crime 1", "mafia mob organized crime", false},
    {"heist|heists|bank robbery|robbery|caper|capers", "Crime .8, Thriller .6", "robbery thief steal rob con artist",
     false},
    {"zombie|zombies|undead", "Horror .8", "undead living dead epidemic", false},
    {"vampire|vampires", "Horror .8, Fantasy .3", "dracula blood undead", false},
    {"psychological", "Thriller 1", "psychological thriller", false},
    {"silent|silents", "Drama .5", "silent film", false},
};
const size_t kino_wish_theme_count = COUNT(kino_wish_theme_table);

/* Own: the language alone tells the nation where a catalogue has no countries. */
const kino_wish_nation_words kino_wish_nation_table[] = {
    {"french|francophone", "france", "fr", "FR,BE", true},
    {"german", "germany", "de", "DE,AT", true},
    {"italian", "italy", "it", "IT", true},
    {"spanish", "spain", "es", "ES,MX,AR", true},
    {"japanese", "japan", "ja", "JP", true},
    {"korean|south korean", "korea|south korea", "ko", "KR", true},
    {"chinese", "china", "zh,cn", "CN,HK,TW", true},
    {"hongkong", "hong kong|hongkong", "cn,zh", "HK", true},
    {"cantonese|cantonese chinese", "", "cn", "HK", true},
    {"mandarin|mandarin chinese|chinese mandarin", "", "zh", "CN,TW", true},
    {"taiwanese", "taiwan", "zh", "TW", true},
    {"russian", "russia", "ru", "RU,SU", true},
    {"soviet", "soviet union|ussr", "ru", "SU", true},
    {"hindi|bollywood", "", "hi", "IN", true},
    {"indian", "india", "hi,ta,te,ml,bn,kn,mr,pa,ur", "IN", true},
    {"tamil", "", "ta", "IN", true},
    {"telugu|tollywood", "", "te", "IN", true},
    {"malayalam", "", "ml", "IN", true},
    {"bengali|bangla", "", "bn", "IN,BD", true},
    {"portuguese", "portugal", "pt", "PT,BR", true},
    {"brazilian|brasilian", "brazil", "pt", "BR", true},
    {"swedish", "sweden", "sv", "SE", true},
    {"danish", "denmark", "da", "DK", true},
    {"norwegian", "norway", "no,nb,nn", "NO", true},
    {"finnish", "finland", "fi", "FI", true},
    {"icelandic", "iceland", "is", "IS", true},
    {"scandinavian|nordic|scandi", "scandinavia", "sv,da,no,nb,nn,is,fi", "SE,DK,NO,IS,FI", true},
    {"dutch|flemish", "netherlands|the netherlands|holland", "nl", "NL,BE", true},
    {"polish", "poland", "pl", "PL", true},
    {"czech|czechoslovak|czechoslovakian", "czech republic|czechoslovakia|czechia", "cs", "CZ,CS", true},
    {"slovak", "slovakia", "sk", "SK", true},
    {"hungarian", "hungary", "hu", "HU", true},
    {"romanian", "romania", "ro", "RO", true},
    {"bulgarian", "bulgaria", "bg", "BG", true},
    {"greek", "greece", "el", "GR", true},
    {"turkish", "turkey", "tr", "TR", true},
    {"persian|iranian|farsi", "iran", "fa", "IR", true},
    {"hebrew|israeli", "israel", "he", "IL", true},
    {"arabic|arab", "", "ar", "EG,LB,MA,DZ,TN", true},
    {"thai", "thailand", "th", "TH", true},
    {"vietnamese", "vietnam", "vi", "VN", true},
    {"indonesian", "indonesia", "id", "ID", true},
    {"tagalog|filipino", "philippines|the philippines", "tl", "PH", true},
    {"ukrainian", "ukraine", "uk", "UA", true},
    {"serbian|croatian|bosnian|yugoslav|yugoslavian", "serbia|croatia|bosnia|yugoslavia", "sr,hr,bs,sh", "RS,HR,BA,YU",
     true},
    {"estonian", "estonia", "et", "EE", true},
    {"latvian", "latvia", "lv", "LV", true},
    {"lithuanian", "lithuania", "lt", "LT", true},
    {"georgian", "", "ka", "GE", true},
    {"catalan", "catalonia", "ca", "ES", true},
    {"urdu|pakistani", "pakistan", "ur", "PK", true},
    {"albanian", "albania", "sq", "AL", true},
    {"macedonian", "macedonia", "mk", "MK", true},
    {"yiddish", "", "yi", "", true},
    {"english", "", "en", "", true},
    {"mexican", "mexico", "es", "MX", false},
    {"argentinian|argentine|argentinean", "argentina", "es", "AR", false},
    {"chilean", "chile", "es", "CL", false},
    {"colombian", "colombia", "es", "CO", false},
    {"cuban", "cuba", "es", "CU", false},
    {"peruvian", "peru", "es", "PE", false},
    {"latin american|latino|south american", "latin america|south america", "es,pt", "MX,AR,BR,CL,CO,CU,PE,UY,VE",
     false},
    {"austrian", "austria", "de", "AT", false},
    {"swiss", "switzerland", "de,fr,it", "CH", false},
    {"belgian", "belgium", "fr,nl", "BE", false},
    {"egyptian", "egypt", "ar", "EG", false},
    {"asian|east asian", "", "ja,ko,zh,cn,th,vi", "JP,KR,CN,HK,TW,TH,VN", true},
    {"european", "", "fr,de,it,es,sv,da,pl,cs,hu,pt,nl,no", "FR,DE,IT,ES,SE,DK,PL,CZ,HU,PT,NL,NO", true},
    {"british|uk|english made|scottish|welsh", "britain|great britain|the uk|uk|england|scotland|wales|united kingdom",
     "", "GB", false},
    {"american|us", "america|the us|the usa|usa|united states|the united states", "", "US", false},
    {"australian|aussie", "australia", "", "AU", false},
    {"canadian", "canada", "", "CA", false},
    {"irish", "ireland", "", "IE", false},
    {"kiwi", "new zealand", "", "NZ", false},
    {"south african", "south africa", "", "ZA", false},
};
const size_t kino_wish_nation_count = COUNT(kino_wish_nation_table);

/* A genre and a language at once. */
const kino_wish_combo_words kino_wish_combo_table[] = {
    {"anime|animes", "Animation", "ja", false},
    {"j horror", "Horror", "ja", false},
    {"k horror", "Horror", "ko", false},
    {"spaghetti western|spaghetti westerns", "Western", "it", true},
};
const size_t kino_wish_combo_count = COUNT(kino_wish_combo_table);

/* Placed: only beside a film noun, a fact or the end. */
const kino_wish_rank_words kino_wish_rank_table[] = {
    {"best|the best|top rated|toprated|highest rated|best rated|high rated|highly rated|well rated|well reviewed|"
     "greatest|all time best|best ever|acclaimed|critically acclaimed|award winning|oscar winning|masterpiece|"
     "masterpieces|must see|must sees|must watch|finest|good quality|top 10|top ten|top 20|top 50|top 100|"
     "of all time|of all times|all time",
     "best", false},
    {"top|critically|essential|great|excellent|brilliant", "best", true},
    {"classic|timeless", "classic", true},
    {"classics|all time classic|all time classics", "classic", false},
    {"underrated|under rated|underated|overlooked|underappreciated|under appreciated|hidden gem|hidden gems|"
     "sleeper|sleepers|sleeper hit|underseen|unsung",
     "hidden", false},
    {"gem|gems", "hidden", true},
    {"obscure|unknown|forgotten|rare", "obscure", true},
    {"little known|lesser known|not well known|rarities|unheard of|deep cut|deep cuts", "obscure", false},
    {"popular|well known|wellknown|blockbuster|blockbusters|box office hit|box office hits|mainstream|"
     "most watched|most popular|most famous|trending|crowd pleaser|crowd pleasers",
     "popular", false},
    {"famous|hit|hits|biggest", "popular", true},
    {"worst|lowest rated|worst rated|crappy|so bad", "worst", false},
    {"bad|terrible|awful|horrible", "worst", true},
    {"overrated|over rated|overhyped", "overrated", false},
    {"cult", "cult", true},
    {"cult classic|cult classics|cult film|cult films|cult movie|cult movies|cult favorite|cult favorites", "cult",
     false},
};
const size_t kino_wish_rank_count = COUNT(kino_wish_rank_table);

const kino_wish_year_words kino_wish_decade_table[] = {
    {"twenties|nineteen twenties", 1920, 1929, false},
    {"thirties|nineteen thirties", 1930, 1939, false},
    {"forties|fourties|nineteen forties", 1940, 1949, false},
    {"fifties|nineteen fifties", 1950, 1959, false},
    {"sixties|nineteen sixties", 1960, 1969, false},
    {"seventies|nineteen seventies", 1970, 1979, false},
    {"eighties|nineteen eighties", 1980, 1989, false},
    {"nineties|ninties|nineteen nineties", 1990, 1999, false},
    {"noughties|aughts|naughties|two thousands", 2000, 2009, false},
    {"twenty tens", 2010, 2019, false},
};
const size_t kino_wish_decade_count = COUNT(kino_wish_decade_table);

/* The last is set for a wish that filters nothing. */
const kino_wish_year_words kino_wish_old_table[] = {
    {"old|oldies", 0, 1969, false},
    {"older", 0, 1989, false},
    {"vintage", 0, 1959, false},
    {"old school", 0, 1999, true},
    {"old fashioned", 0, 1969, true},
    {"golden age|golden age hollywood|golden age of hollywood|classic hollywood", 1930, 1959, false},
    {"old hollywood", 1920, 1959, false},
    {"silent era|silent film era", 0, 1929, false},
    {"turn of the millennium|turn of the century|turn of the 21st century", 1998, 2002, false},
    {"21st century|this century|twenty first century", 2000, 0, false},
    {"20th century", 0, 1999, false},
    {"pre code", 1929, 1934, false},
    {"new hollywood", 1967, 1980, false},
};
const size_t kino_wish_old_count = COUNT(kino_wish_old_table);

/* Moods: the genres they wish for, and keywords of films that are so. */
const kino_wish_mood_words kino_wish_mood_table[] = {
    {"funny|hilarious|humor|humour|humorous|comedic|laugh|witty|goofy|silly|zany|wacky|fun|amusing|screwball|"
     "laugh out loud",
     "Comedy 1", "comedy"},
    {"deadpan|dry humor|dry humour|ironic|irony|droll|absurdist", "Comedy 1", "satire absurd dark comedy"},
    {"quirky|offbeat|eccentric|whimsical|oddball|kooky", "Comedy 1, Drama .4, Romance .3",
     "eccentric misfit dysfunctional independent"},
    {"satire|satirical|parody|spoof", "Comedy 1", "satire parody spoof"},
    {"crude|raunchy|vulgar|gross-out|bawdy|crude humor|crude humour|dirty jokes", "Comedy 1",
     "vulgar sex teenager party"},
    {"cheesy|campy|camp|corny|trashy|so bad it's good|kitsch|b movie",
     "Horror .6, Comedy .6, Action .4, Science Fiction .4", "camp cult monster"},
    {"sweet|cute|charming|lovely|adorable|gentle|tender", "Romance .8, Comedy .7, Family .6, Animation .3",
     "love friendship"},
    {"heartwarming|uplifting|feel good|feelgood|wholesome|cosy|cozy|light-hearted|lighthearted|happy ending|"
     "cheerful|comforting|optimistic",
     "Comedy .7, Family .7, Romance .6, Drama .3", "friendship love family"},
    {"touching|moving|emotional|poignant|sentimental|tearjerker|tear-jerker|heartbreaking|tragic|makes me cry|"
     "weepy",
     "Drama 1, Romance .6", "grief loss death love illness"},
    {"sad|depressing|bleak|grim|melancholy|melancholic|somber|sombre|hopeless|gloomy|downbeat|despair",
     "Drama 1, Thriller .2", "depression suicide loneliness grief death"},
    {"dark|gritty|harsh|edgy|noirish|cynical|nihilistic", "Thriller .7, Crime .6, Drama .4, Horror .3",
     "violence crime murder revenge"},
    {"violent|brutal|brutality|visceral|raw|hard-hitting|ultraviolent", "Thriller .6, Crime .5, Horror .5, Action .5",
     "violence blood gore revenge"},
    {"disturbing|shocking|gruesome|gory|bloody|sick|twisted|repulsive|sadistic|extreme|nasty", "Horror 1, Thriller .5",
     "gore blood torture violence sadism"},
    {"scary|creepy|eerie|spooky|terrifying|frightening|ominous|sinister|haunting|chilling|unsettling|menacing|"
     "unnerving|macabre|nightmarish",
     "Horror 1, Mystery .4, Thriller .6", "ghost supernatural haunted evil fear"},
    {"tense|suspenseful|suspense|gripping|nail-biting|nail biter|thrilling|edge of your seat|intense|taut|"
     "riveting|claustrophobic",
     "Thriller 1, Crime .4, Horror .3, Mystery .4", "suspense hostage survival murder"},
    {"twist|twist ending|plot twist|twisty|unpredictable|surprise ending|mindfuck|mindbending|mind-bending|"
     "whodunit|puzzle",
     "Mystery 1, Thriller .8, Horror .2", "twist plot surprise ending murder"},
    {"clever|smart|intelligent|cerebral|thought-provoking|intellectual|brainy|ingenious|deep|profound",
     "Science Fiction .6, Mystery .6, Drama .4, Thriller .4", "philosophy genius existentialism"},
    {"complicated|complex|nonlinear|non-linear|confusing|enigmatic|mysterious|cryptic|puzzling|multilayered|"
     "ambiguous|intricate|convoluted",
     "Mystery 1, Thriller .6, Science Fiction .4, Drama .3", "nonlinear timeline dream memory identity"},
    {"surreal|dreamlike|dreamy|weird|bizarre|strange|trippy|psychedelic|hallucinatory|experimental|avant-garde",
     "Fantasy .6, Drama .4, Science Fiction .4, Horror .4, Mystery .3", "surreal dream hallucination surrealism"},
    {"meditative|reflective|contemplative|slow|slow burn|quiet|introspective|understated|minimalist|pensive|"
     "lyrical|poetic|existential",
     "Drama 1", "existentialism philosophy loneliness spirituality death"},
    {"beautiful|beautifully filmed|gorgeous|visually stunning|visually appealing|stunning|cinematography|lush|"
     "breathtaking|eye candy|scenic|spectacular|beautifully shot",
     "Fantasy .6, Science Fiction .5, Adventure .4, Drama .3, History .3", "surreal landscape dream"},
    {"stylish|stylized|stylised|cool|slick|visual|hip|flashy|artsy",
     "Crime .5, Thriller .4, Action .4, Fantasy .3, Science Fiction .3", "neo-noir surreal gangster"},
    {"artistic|art house|arthouse|atmospheric|moody", "Drama .6, Mystery .4, Horror .4, Fantasy .3, Science Fiction .3",
     "surreal dream artist"},
    {"realistic|realism|authentic|true to life|slice of life|honest|naturalistic|unsentimental|down to earth",
     "Drama 1, War .3, Crime .3, History .2", "social realism poverty everyday life"},
    {"true story|based on a true story|based on true story|real events|real life|real story|true events|biopic|"
     "biographical|fact-based|docudrama",
     "History 1, Drama .8, War .3, Crime .2", "biography based true story historical figure"},
    {"epic|sweeping|larger than life|grand|monumental", "Adventure .6, History .6, War .5, Fantasy .3, Drama .3",
     "epic battle war hero"},
    {"inspirational|inspiring|motivational|empowering|triumphant|underdog", "Drama 1, History .3, Music .2",
     "sport coach biography overcoming underdog"},
    {"futuristic|high-tech|sci-fi|cyberpunk", "Science Fiction 1", "future dystopia cyborg robot"},
    {"super-hero|superhero|superheroes|super heroes|caped", "Action .7, Science Fiction .5, Fantasy .4, Adventure .5",
     "superhero super powers marvel comic dc comics based comic"},
    {"adventurous|swashbuckling|swashbuckler|exciting", "Adventure 1, Action .7", "treasure pirate quest"},
    {"fast-paced|action-packed|adrenaline|explosive|high-octane|kick-ass", "Action 1, Thriller .6",
     "explosion chase gunfight"},
    {"lone hero|one man army|badass|macho|tough", "Action 1, Thriller .5", "hero revenge vigilante fight"},
    {"costume drama|period piece|period drama|historical drama|bodice ripper", "Drama .6, History .7, Romance .7",
     "costume period 19th century aristocrat based novel"},
    {"chick flick|girls night|romantic comedy|girly", "Romance 1, Comedy .8", "love wedding girlfriend woman"},
    {"romantic|love story|passionate|swoon", "Romance 1, Drama .3", "love romance"},
    {"erotic|sexy|steamy|sensual|kinky|sultry|titillating", "Romance .6, Drama .5, Thriller .3",
     "sex erotic nudity eroticism"},
    {"magical|enchanting|imaginative|fantastical|fairytale|fairy-tale|magic",
     "Fantasy 1, Family .5, Animation .4, Adventure .4", "magic fairy tale"},
    {"nostalgic|nostalgia|bittersweet|wistful", "Drama .8, Romance .6, Comedy .3", "childhood memory coming age"},
    {"loneliness|lonely|alienation|isolation", "Drama 1", "loneliness isolation"},
    {"powerful|powerful ending|gut-wrenching|devastating|hard to watch|harrowing", "Drama 1, War .4, History .2",
     "war death tragedy"},
    {"anti-war|antiwar|pacifist", "War 1, Drama .6", "war soldier vietnam anti war"},
    {"self discovery|soul searching|finding yourself", "Drama 1, Adventure .3, Comedy .3",
     "coming age journey road trip"},
    {"wacky family|family friendly|for the whole family|kid-friendly", "Family 1, Animation .6", "family children"},
    {"catchy|great soundtrack|great music|singing|musical numbers", "Music 1, Romance .3", "music song musical band"},
    {"paranoid|paranoia|conspiracy|conspiratorial", "Thriller 1, Mystery .6, Science Fiction .3",
     "conspiracy paranoia government"},
    {"low budget|indie|independent|no budget|micro-budget", "Drama .5, Horror .4, Comedy .3", "independent film"},
};
const size_t kino_wish_mood_count = COUNT(kino_wish_mood_table);

const char *const kino_wish_lists[KINO_WISH_LISTS] = {
    /* films in any language but English */
    [IN_FOREIGN - IN_FIRST_LIST] =
        "foreign|foreign language|international|non english|not in english|subtitled|world cinema",
    /* films for a family */
    [IN_AUDIENCE - IN_FIRST_LIST] =
        "child friendly|children s|children s film|children s films|children s movie|children s movies|childrens|"
        "childrens film|childrens films|childrens movie|childrens movies|family film|family films|family friendly|"
        "family movie|family movie night|family movies|family night|for a child|for a family|for all ages|"
        "for all the family|for children|for families|for family|for grandchildren|for kids|for little kids|"
        "for my 10 year old|for my 4 year old|for my 5 year old|for my 6 year old|for my 7 year old|"
        "for my 8 year old|for my children|for my daughter|for my daughters|for my grandchildren|for my kids|"
        "for my little brother|for my little sister|for my nephew|for my niece|for my son|for my sons|for our kids|"
        "for small children|for small kids|for the children|for the kids|for the whole family|for toddlers|"
        "for young children|for young kids|kid friendly|kid movie|kid movies|kids film|kids films|kids friendly|"
        "kids movie|kids movies|pg rated|rated g|suitable for children|suitable for kids|suitable for small children|"
        "suitable for young children|with children|with family|with kids|with my children|with my daughter|"
        "with my family|with my kids|with my son|with our children|with our kids|with small children|"
        "with the children|with the family|with the kids",
    /* of the last years of the catalogue */
    [IN_RECENT - IN_FIRST_LIST] =
        "brand new|current|just released|last few years|last year|latest|modern|new release|new releases|newest|"
        "of late|past few years|recent|recent years|recently|recently released|the last few years|this year",
    /* before a film or person to be like */
    [IN_SEED - IN_FIRST_LIST] =
        "films like|movies like|movie like|film like|something like|anything like|more like|stuff like|ones like|"
        "just like|similar to|similiar to|simular to|similar too|same as|same vibe as|in the style of|in style of|"
        "in the vein of|in the spirit of|in the mold of|reminiscent of|reminds me of|remind me of|that feel like|"
        "feels like|feel like|like the movie|like the film|fans of|fan of|if you liked|if you like|if you loved|"
        "if i liked|if i like|if i loved|because i liked|i liked|i loved|i enjoyed|loved|liked|enjoyed|akin to|a la|"
        "comparable to|along the lines of|a mix of|mix of|a mix between|mix between|mixture of|a cross between|"
        "cross between|between|"
        "alternatives to|alternative to|as good as|such as|same style as|same feeling as|looks like|resembling|"
        "resembles|than|close to|vibes of|with the vibe of|similar films to|similar movies to|similar movie to|"
        "similar film to|like|spirit of",
    /* before what must not be */
    [IN_NOT - IN_FIRST_LIST] =
        "but not|but no|but without|and not|and no|not|no|without|except|except for|excluding|exclude|minus|sans|"
        "nothing with|nothing about|nothing|anything but|w o|dont want|do not want|dont like|do not like|i hate|hate|"
        "avoid|avoiding|other than|apart from|instead of|non|neither|nor|free of|not another|no more|but nothing|"
        "without any|not by|not with|not from|not in|not about|not starring|not featuring|not directed by|never|aint|"
        "isnt|is not|arent|that isnt|that is not|that are not|that arent|thats not|not a|not an|not the|no to",
    /* before what is wished away and filters nothing */
    [IN_NOT_MUCH - IN_FIRST_LIST] = "less|not so|not too|not very|rather than|without too much",
    /* before the name of a language that is spoken */
    [IN_SPEAK - IN_FIRST_LIST] =
        "where they speak|where people speak|where everyone speaks|where everybody speaks|in which they speak|"
        "they speak|who speak|people speak|original language is|original language|language is|language|spoken in|"
        "spoken|filmed in|shot in|made in|audio in|with audio in|in the original|lang|dialogue in|dialogues in|"
        "with dialogue in|where the language is",
    /* behind these a theme begins, in which nothing is a fact */
    [IN_OPENER - IN_FIRST_LIST] =
        "about|set in|set during|set on|set at|takes place in|taking place in|take place in|based on|deals with|"
        "dealing with|revolving around|involving|featuring a|featuring an|story of|where|in which|who|when",
    /* what a film is called */
    [IN_NOUN - IN_FIRST_LIST] =
        "cinema|feature|features|film|films|flick|flicks|moive|moives|motion|movei|movi|movie|movies|pic|pics|"
        "picture|pictures|production|productions|release|releases|stories|story|tale|tales",
    /* those of them that are also words of a theme */
    [IN_TALE - IN_FIRST_LIST] = "motion|stories|story|tale|tales",
    /* where a phrase ends */
    [IN_BOUNDARY - IN_FIRST_LIST] =
        "about|after|and|are|as|at|before|between|but|by|directed|during|except|featuring|for|from|in|inside|is|like|"
        "made|no|not|of|on|or|over|released|set|since|starring|than|that|to|under|until|was|when|where|which|who|"
        "whose|with|without",
    /* words that ask and say nothing */
    [IN_FILLER - IN_FIRST_LIST] =
        "a|about|acted|acting|actor|actress|acts|all|an|and|another|any|anything|are|be|but|by|came|can|cinema|come|"
        "could|dealing|did|directed|director|directs|do|does|else|evening|ever|featuring|film|filmmaker|filmography|"
        "films|find|flick|flicks|for|friday|from|genre|genres|get|gimme|give|good|got|has|have|having|hello|help|hey|"
        "hi|i|id|im|in|involve|involves|is|it|its|ive|kind|kindly|kinds|know|like|list|lists|look|looking|made|make|"
        "me|mood|movie|movies|my|need|needs|netflix|nice|night|now|of|on|one|ones|or|other|our|out|pic|pics|play|"
        "played|plays|please|pls|plz|really|recommend|recommendation|recommendations|role|roles|saturday|search|see|"
        "seeing|seen|show|some|somethin|something|someting|sort|sorts|streaming|stuff|style|subtitled|subtitles|"
        "suggest|suggestion|suggestions|sunday|thank|thanks|that|the|theme|themed|there|these|this|those|to|today|"
        "tonight|tv|type|types|us|very|want|wanted|wants|was|watch|watching|we|weekend|were|what|whats|where|which|"
        "who|whose|with|work|works|would|you|your",
    /* places whose bare name is a theme, even before a genre */
    [IN_THEME_PLACE - IN_FIRST_LIST] =
        "america|australia|egypt|england|ireland|new zealand|scotland|the usa|us|usa|vietnam|wales",
    /* small numbers */
    [IN_NUMBER - IN_FIRST_LIST] = "one|two|three|four|five|six|seven|eight|nine|ten|half|a|an",
};
