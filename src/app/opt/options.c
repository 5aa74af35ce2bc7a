/* options.c - the table. */
#include "app/opt/options.h"

#include "ask/fields.h"

#define ON(c) (1u << APP_##c)
#define ALL ((1u << APP_COMMANDS) - 1)
#define CATALOGUE                                                                                                      \
    (ON(BUILD) | ON(RECOMMEND) | ON(SEARCH) | ON(FIND) | ON(SHOW) | ON(REMOVE) | ON(EXPORT) | ON(INFO) | ON(CHECK) |   \
     ON(BENCH) | ON(SERVE) | ON(EVAL) | ON(TUNE) | ON(BATCH) | ON(PICK) | ON(WHY) | ON(WHY_NOT) | ON(PUSH) | CHANGING)
#define CHANGING (ON(ADD) | ON(GROW) | ON(HEAL) | ON(REFRESH) | ON(PURGE) | ON(RETRAIN))
#define ONLINE (ASKING | ON(SERVE) | ON(ADD) | ON(GROW) | ON(HEAL) | ON(REFRESH))
#define TITLES (ON(RECOMMEND) | ON(FIND) | ON(SHOW) | ON(WHY) | ON(WHY_NOT) | ON(ADD) | ON(HEAL))
#define ASKING (ON(RECOMMEND) | ON(SEARCH))
#define QUESTION (ASKING | ON(BATCH))
#define FILTERED (QUESTION | ON(PICK))
#define BACKED (QUESTION | ON(SERVE) | ON(ADD))
#define AT(field) offsetof(app_args, field)

/* The commands that take each member of a question. */
#define ON_dislike QUESTION
#define ON_together (ON(RECOMMEND) | ON(BATCH))
#define ON_about (ON(RECOMMEND) | ON(BATCH))
#define ON_as QUESTION
#define ON_sort QUESTION
#define ON_weight QUESTION
#define ON_diversity QUESTION
#define ON_popularity QUESTION
#define ON_sequels QUESTION
#define ON_k (QUESTION | ON(FIND))
#define ON_first (TITLES | ON(SEARCH) | ON(BATCH))
#define ON_genres FILTERED
#define ON_no_genres FILTERED
#define ON_year (FILTERED | ON(ADD))
#define ON_languages FILTERED
#define ON_countries FILTERED
#define ON_with FILTERED
#define ON_directors FILTERED
#define ON_runtime FILTERED
#define ON_min_rating FILTERED
#define ON_min_votes (FILTERED | ON(BUILD))

const app_option app_options[] = {
    {"Data", 0, "keywords", "FILE", KINO_VALUE_FILE, AT(build.keywords), 0, 0, ON(BUILD),
     "keywords.csv that belongs to FILE.csv"},
    {"Data", 0, "credits", "FILE", KINO_VALUE_FILE, AT(build.credits), 0, 0, ON(BUILD),
     "credits.csv that belongs to FILE.csv"},
    {"Data", 0, "recipe", "default|classic", KINO_VALUE_CHOICE, AT(build.recipe), 0, 0, ON(BUILD),
     "how the data is cleaned: \"default\" keeps every film a user could ask for, \"classic\" reproduces the older "
     "cleaning and its 106 columns"},
    {"Data", 0, "top", "N", KINO_VALUE_WHOLE, AT(build.top), 1, 1e9, ON(BUILD), "only the N films with the most votes"},
    {"Data", 0, "map", "MEANING=COLUMN", KINO_VALUE_TEXTS, AT(build.map), 0, 0, ON(BUILD) | ON(ADD),
     "what a column means whose name does not tell, such as overview=Inhalt; may be given several times"},
    {"Training", 0, "epochs", "N", KINO_VALUE_WHOLE, AT(build.epochs), 1, KINO_MAX_EPOCHS, ON(BUILD) | ON(RETRAIN),
     "at most N passes over the data; otherwise the recipe's own number"},
    {"Training", 0, "seed", "N", KINO_VALUE_SEED, AT(build.seed), 0, 0, ON(BUILD) | ON(RETRAIN),
     "of all random numbers; the same seed gives the same bytes"},
    {"Training", 0, "encoder", "FILE", KINO_VALUE_FILE, AT(build.encoder), 0, 0, ON(BUILD),
     "take this trained autoencoder (.kino) instead of training one"},
    {"Data", 0, "texts", "FILE", KINO_VALUE_FILE, AT(build.texts), 0, 0, ON(BUILD),
     "write the texts that would be embedded, a JSON object of id and text a line, and do nothing else; - is standard "
     "output"},
    {"Data", 0, "vectors", "FILE", KINO_VALUE_FILE, AT(build.vectors), 0, 0, ON(BUILD),
     "take the vectors that kino embed --records made of those texts elsewhere, as NDJSON or for NumPy; - is standard "
     "input. A film whose text is not among them is embedded here"},
    {"Training", 0, "plot", "FILE", KINO_VALUE_FILE, AT(build.plot), 0, 0, ON(BUILD) | ON(RETRAIN),
     "draw the loss curve into an SVG file"},

#define ROW(group, member, letter, name, value, kind, low, high, help)                                                 \
    {group, letter, name, value, KINO_VALUE_##kind, AT(ask.member), low, high, ON_##member, help},
#define QUESTION_ROW(...) ROW("Question", __VA_ARGS__)
#define FILTER_ROW(...) ROW("Filters", __VA_ARGS__)
    KINO_QUESTION_FIELDS(QUESTION_ROW) KINO_FILTER_FIELDS(FILTER_ROW)

        {"TMDB", 0, "tmdb", "ID", KINO_VALUE_WHOLE, AT(tmdb.id), 1, 1e15, ON(RECOMMEND) | ON(ADD),
         "the film with this id, fetched if the catalogue has it not"},
    {"TMDB", 0, "imdb", "ID", KINO_VALUE_TEXT, AT(tmdb.imdb), 0, 0, ON(RECOMMEND) | ON(ADD),
     "the same by IMDb's id, tt0133093"},
    {"TMDB", 0, "export", "FILE", KINO_VALUE_FILE, AT(tmdb.export), 0, 0, ON(GROW),
     "TMDB's daily export of film ids, with or without gzip; - is standard input"},
    {"TMDB", 0, "min-popularity", "X", KINO_VALUE_REAL, AT(tmdb.min_popularity), 0, 1e9, ON(GROW),
     "only films that the export has as popular as this"},
    {"TMDB", 0, "limit", "N", KINO_VALUE_WHOLE, AT(tmdb.limit), 1, 1e9, ON(GROW), "only the N most popular of them"},
    {"TMDB", 0, "older-than", "AGE", KINO_VALUE_AGE, AT(tmdb.older_than), 0, 0, ON(REFRESH) | ON(PURGE),
     "what came from TMDB longer ago than this: 150d, 36h"},
    {"TMDB", 0, "no-heal", NULL, KINO_VALUE_FLAG, AT(tmdb.no_heal), 0, 0, ASKING,
     "do not ask TMDB for what the films of the answer lack"},
    {"TMDB", 0, "heal-budget", "MS", KINO_VALUE_WHOLE, AT(tmdb.heal_budget), 1, 60000, ASKING,
     "the time that this may take (300 milliseconds)"},
    {"TMDB", 0, "offline", NULL, KINO_VALUE_FLAG, AT(tmdb.offline), 0, 0, ONLINE, "the network is not touched"},
    {"TMDB", 0, "api-key-file", "FILE", KINO_VALUE_FILE, AT(tmdb.key_file), 0, 0, ONLINE,
     "where the key is, readable for you alone (0600); otherwise $TMDB_API_KEY or ~/.config/kino/tmdb.key"},
    {"TMDB", 0, "tmdb-url", "URL", KINO_VALUE_TEXT, AT(tmdb.url), 0, 0, ONLINE,
     "where the API is; otherwise $KINO_TMDB_URL or TMDB's own address"},

    {"TMDB", 0, "timeout", "SECONDS", KINO_VALUE_WHOLE, AT(tmdb.timeout), 1, 3600, ASKING | ON(ADD),
     "how long TMDB may take for a film that the catalogue has not, all in all (10)"},

    {"Server", 0, "port", "N", KINO_VALUE_WHOLE, AT(serve.port), 0, 65535, ON(SERVE),
     "where to listen (8080); 0: any free one"},
    {"Server", 0, "bind", "ADDRESS", KINO_VALUE_TEXT, AT(serve.bind), 0, 0, ON(SERVE),
     "the address to listen on (127.0.0.1); others can reach anything else"},
    {"Server", 0, "socket", "PATH", KINO_VALUE_FILE, AT(serve.socket), 0, 0, ON(SERVE),
     "listen on a Unix socket instead of a port"},
    {"Server", 0, "base-path", "/PATH", KINO_VALUE_TEXT, AT(serve.base_path), 0, 0, ON(SERVE),
     "where the page is behind a reverse proxy: /kino"},
    {"Server", 0, "host", "NAME,...", KINO_VALUE_LIST, AT(serve.hosts), 0, 0, ON(SERVE),
     "a name by which the server is called, beside its address and localhost: films.example; requests for any other are "
     "refused"},
    {"Server", 0, "trust-proxy", "ADDRESS,...", KINO_VALUE_LIST, AT(serve.proxies), 0, 0, ON(SERVE),
     "reverse proxies whose X-Forwarded-For, -Host and -Proto are believed: 127.0.0.1, 10.0.0.0/8, unix"},
    {"Server", 0, "cache", "MB", KINO_VALUE_WHOLE, AT(serve.cache), 0, 1000000, ON(SERVE),
     "memory for answers that may be asked for again (128); 0: none"},
    {"Server", 0, "timeout", "SECONDS", KINO_VALUE_WHOLE, AT(serve.timeout), 1, 3600, ON(SERVE),
     "how long a connection may be silent (10); a request has to be there after twice that, and an answer goes on as "
     "long as 4 KB a second are taken of it"},
    {"Server", 0, "allow-writes", NULL, KINO_VALUE_FLAG, AT(serve.allow_writes), 0, 0, ON(SERVE),
     "let the page add films from TMDB to the catalogue"},

    {"Cluster", 0, "backend", "URL,.../INDEX", KINO_VALUE_TEXT, AT(cluster.backend), 0, 0, BACKED,
     "find films in this index of a search cluster, which kino push made; films that are added go there too"},
    {"Cluster", 0, "allow-partial", NULL, KINO_VALUE_FLAG, AT(cluster.allow_partial), 0, 0, QUESTION | ON(SERVE),
     "answer although parts of the index do not, and say so"},
    {"Cluster", 0, "to", "URL,...", KINO_VALUE_TEXT, AT(cluster.to), 0, 0, ON(PUSH),
     "hosts of the cluster: http://10.0.0.1:9200"},
    {"Cluster", 0, "index", "NAME", KINO_VALUE_TEXT, AT(cluster.index), 0, 0, ON(PUSH),
     "the index, which is made where there is none"},
    {"Cluster", 0, "type", "auto|f32|int8", KINO_VALUE_CHOICE, AT(cluster.type), 0, 0, ON(PUSH),
     "of its vectors: floats, or bytes, which take a quarter of the room; \"auto\" goes on with what is there, and else "
     "takes floats"},
    {"Cluster", 0, "since", "GENERATION", KINO_VALUE_WHOLE, AT(cluster.since), 0, 1e15, ON(PUSH),
     "what was changed after this one of the catalogue (kino info); otherwise what the index has not"},
    {"Cluster", 0, "rebuild", NULL, KINO_VALUE_FLAG, AT(cluster.rebuild), 0, 0, ON(PUSH),
     "fill a new index, which takes the place of the old one when it is complete"},
    {"Cluster", 0, "shards", "N", KINO_VALUE_WHOLE, AT(cluster.shards), 1, 1024, ON(PUSH), "of a new index (1)"},
    {"Cluster", 0, "replicas", "N", KINO_VALUE_WHOLE, AT(cluster.replicas), 0, 64, ON(PUSH), "likewise (1)"},
    {"Cluster", 0, "backend-ca", "FILE", KINO_VALUE_FILE, AT(cluster.ca), 0, 0, BACKED | ON(PUSH),
     "certificates of its hosts; otherwise $KINO_BACKEND_CA or the system's"},
    {"Cluster", 0, "backend-auth", "FILE", KINO_VALUE_FILE, AT(cluster.auth), 0, 0, BACKED | ON(PUSH),
     "\"user:password\" or an API key, readable for you alone (0600); otherwise $KINO_BACKEND_USER and "
     "$KINO_BACKEND_PASSWORD, or $KINO_BACKEND_API_KEY"},

    {"Changes", 0, "dry-run", NULL, KINO_VALUE_FLAG, AT(tmdb.dry_run), 0, 0, ON(HEAL) | ON(TUNE) | ON(ADD),
     "tell what would be changed, change nothing"},
    {"Changes", 0, "replace", NULL, KINO_VALUE_FLAG, AT(tmdb.replace), 0, 0, ON(ADD),
     "a film of a file takes the place of the one with its number, whatever that is, and nothing of that is kept"},
    {"Check", 0, "repair", NULL, KINO_VALUE_FLAG, AT(check.repair), 0, 0, ON(CHECK),
     "make the index snapshot anew if something is wrong with it"},

    {"History", 0, "unseen", "FILE", KINO_VALUE_FILES, AT(history.unseen), 0, 0, FILTERED,
     "no film of this file: what Letterboxd, IMDb, Trakt or MovieLens export, or ids and titles, one a line; may be "
     "given several times, - is standard input"},
    {"History", 0, "history", "FILE", KINO_VALUE_FILES, AT(history.files), 0, 0, ON(RECOMMEND),
     "films for the whole taste of such a file, and none that is in it; given several times, for several people at "
     "once, of whom the least pleased counts"},
    {"History", 0, "among", "FILE|DIR", KINO_VALUE_FILES, AT(history.among), 0, 0, ASKING,
     "films of this file alone, such as a watchlist, or of a folder of films as Jellyfin, Kodi and Plex keep them; may be "
     "given several times"},
    {"History", 0, "allow-empty", NULL, KINO_VALUE_FLAG, AT(history.allow_empty), 0, 0, FILTERED,
     "answer also when no film of --unseen or --among is in the catalogue"},
    {"History", 0, "user", "N", KINO_VALUE_WHOLE, AT(history.user), 1, 1e15, FILTERED | ON(TUNE),
     "whose films, where MovieLens' file has those of many"},
    {"Ratings", 0, "ratings", "FILE", KINO_VALUE_FILE, AT(eval.ratings), 0, 0, ON(EVAL) | ON(TUNE),
     "MovieLens' ratings.csv, with --links; for tune also what one person rated, as --history takes it"},
    {"Ratings", 0, "links", "FILE", KINO_VALUE_FILE, AT(history.links), 0, 0, FILTERED | ON(EVAL) | ON(TUNE),
     "MovieLens' links.csv, from its numbers to ids; a history finds the one beside it"},
    {"Ratings", 0, "tags", "FILE", KINO_VALUE_FILE, AT(eval.tags), 0, 0, ON(EVAL) | ON(TUNE),
     "what viewers said of films: a table tmdbId,tag,weight, or MovieLens' tags.csv with --links, where a tag of a film "
     "weighs log(1 + users who gave it)"},
    {"Ratings", 0, "tuning", NULL, KINO_VALUE_FLAG, AT(eval.tuning), 0, 0, ON(EVAL),
     "ask the half of the users that the constants were tuned on"},
    {"Ratings", 0, "quick", NULL, KINO_VALUE_FLAG, AT(eval.quick), 0, 0, ON(EVAL),
     "without what kino is compared with by likeness, and without the classic fusion, for which all plots are embedded "
     "anew"},
    {"Ratings", 0, "likeness", NULL, KINO_VALUE_FLAG, AT(eval.likeness), 0, 0, ON(EVAL),
     "without the next film that was rated, which takes longest"},
    {"Topics", 0, "topics", "FILE", KINO_VALUE_FILE, AT(eval.topics), 0, 0, ON(EVAL),
     "search for these instead, with --qrels: a name, a tab and words a line, as TREC has them"},
    {"Topics", 0, "qrels", "FILE", KINO_VALUE_FILE, AT(eval.qrels), 0, 0, ON(EVAL),
     "which films are right: topic, anything, TMDB id, grade"},
    {"Topics", 0, "run", "FILE", KINO_VALUE_FILE, AT(eval.run), 0, 0, ON(EVAL),
     "write what was answered, for trec_eval and its like"},
    {"Topics", 0, "pool", "judged|all", KINO_VALUE_CHOICE, AT(eval.pool), 0, 0, ON(EVAL),
     "judged: films that no topic judges are passed over, also in the run; all: they are wrong"},
    {"Ratings", 0, "undo", NULL, KINO_VALUE_FLAG, AT(eval.undo), 0, 0, ON(TUNE),
     "back to the weights that come with the program"},

    {"Output", 0, "explain", NULL, KINO_VALUE_FLAG, AT(output.explain), 0, 0, ASKING,
     "tell of each film what its score is made of, and what it has in common with yours"},
    {"Output", 0, "format", "ndjson|f32|npy", KINO_VALUE_CHOICE, AT(text.format), 0, 0, ON(EMBED),
     "of the vectors: a JSON object a line, raw little-endian floats, or a NumPy file"},
    {"Output", 0, "records", NULL, KINO_VALUE_FLAG, AT(text.records), 0, 0, ON(EMBED),
     "lines are objects of id and text; each gives its id, the hash of its text, the fingerprint of the weights and the "
     "vector. What is no such object is set aside with its line and the reason"},
    {"Output", 0, "json", NULL, KINO_VALUE_FLAG, AT(output.json), 0, 0, CATALOGUE & ~ON(EXPORT),
     "one JSON object instead of the table"},
    {"Output", 0, "ndjson", NULL, KINO_VALUE_FLAG, AT(output.ndjson), 0, 0, ASKING | ON(FIND) | ON(EXPORT),
     "a JSON object a film, each on its line"},
    {"Output", 0, "titles", NULL, KINO_VALUE_FLAG, AT(output.titles), 0, 0, ON(FIND),
     "titles with their years and nothing else, one a line, without misspellings: for completion"},
    {"Output", 0, "names", "genre|language|country|director|cast", KINO_VALUE_CHOICE, AT(output.names), 0, 0, ON(FIND),
     "the names of this kind, of which a word begins with TITLE, and nothing else, one a line: for completion; \"\" is "
     "all of them"},
    {"Output", 0, "print", NULL, KINO_VALUE_FLAG, AT(output.print), 0, 0, ON(PICK),
     "Enter takes the chosen film and ends: the ids of what is liked, else its own, one a line on standard output, which may "
     "be a pipe; exit code 3 when none was taken"},
    {"Output", 0, "man", NULL, KINO_VALUE_FLAG, AT(output.man), 0, 0, ON(HELP), "the manual page, as roff"},

    {"General", 0, "data", "DIR", KINO_VALUE_FOLDER, AT(general.data), 0, 0, CATALOGUE,
     "the catalogue's folder; otherwise $KINO_HOME, $XDG_DATA_HOME/kino or ~/.local/share/kino"},
    {"General", 0, "weights", "FILE", KINO_VALUE_FILE, AT(general.weights), 0, 0, CATALOGUE | ON(EMBED) | ON(TOKENIZE),
     "the language model; otherwise $KINO_WEIGHTS, the installed one or the one beside the program"},
    {"General", 0, "precision", "auto|int8|bf16|f16|f32", KINO_VALUE_CHOICE, AT(text.precision), 0, 0, ON(EMBED),
     "of the language model, where there are several; \"auto\" takes the first of these that is there"},
    {"General", 0, "threads", "N", KINO_VALUE_WHOLE, AT(general.threads), 1, 256, CATALOGUE | ON(EMBED) | ON(TOKENIZE),
     "how many threads work; otherwise one per core"},
    {"General", 0, "index", "auto|exact|hnsw", KINO_VALUE_CHOICE, AT(general.index), 0, 0, QUESTION,
     "how the vectors are searched: every one, or by graph; \"auto\" goes by the size of the catalogue"},
    {"General", 'q', "quiet", NULL, KINO_VALUE_FLAG, AT(general.quiet), 0, 0, ALL,
     "no progress, no report: errors alone"},
    {"General", 'v', "verbose", NULL, KINO_VALUE_FLAG, AT(general.verbose), 0, 0, ALL, "say more on standard error"},
    {"General", 0, "no-color", NULL, KINO_VALUE_FLAG, AT(general.no_color), 0, 0, ALL,
     "no colours (as with $NO_COLOR)"},
    {"General", 'h', "help", NULL, KINO_VALUE_FLAG, AT(general.help), 0, 0, ALL, "this help"},
    {"General", 0, "version", NULL, KINO_VALUE_FLAG, AT(general.version), 0, 0, ALL, "version and notices"},
};
const size_t app_option_count = sizeof app_options / sizeof *app_options;

/* clang-format off */
const app_command_info app_commands[APP_COMMANDS] = {
    [APP_BUILD] = {"build", "FILE...", "make a catalogue from a data set",
        "Reads tables of films, such as Kaggle's movies_metadata.csv, TMDB_movie_dataset_v11.csv, IMDb's "
        "title.basics.tsv.gz with the tables beside it, MovieLens' movies.csv, or your own; trains the autoencoder, embeds the "
        "plots and writes the catalogue. Of several files a film that more than one has is one film, with the richer of what "
        "they say. What was wrong with the data is counted by reason in the report.\n"
        "An earlier catalogue in the same folder is replaced when everything is done, not before. Interrupted, the "
        "same command goes on where it was; repeated, it does only what has changed.",
        1, SIZE_MAX,
        {{"kino build movies_metadata.csv --keywords keywords.csv", "Kaggle's \"The Movies Dataset\""},
         {"kino build tmdb_5000_movies.csv --data ~/tmdb5000", "another data set, into a folder of its own"},
         {"kino build TMDB_movie_dataset_v11.csv --top 100000", "the hundred thousand best known of a million"},
         {"kino build movies.csv tags.csv wiki_plots.csv", "several sources of the same films"},
         {"kino build movies_metadata.csv --recipe classic --plot loss.svg", "the older cleaning, and how it learns"}}},
    [APP_RECOMMEND] = {"recommend", "TITLE|ID ...", "films like these",
        "Each argument names one film: its title in any language the catalogue has, the title with the year, a TMDB or "
        "an IMDb id. Several are served together; a weight stands behind one as in \"Alien^2\". When a title fits "
        "several films, they are listed and nothing is guessed.\n"
        "The score is a sum of parts: \"plot\", how near the meaning of the texts is; \"words\", which rare words they "
        "share; \"profile\", what kind of film a network makes of the words; genres, keywords, director, cast, era, "
        "language; acclaim and fame, how well liked and how well known both are. Each is told in units of what it "
        "usually differs by, so that --weight can set one against another. Where a film does not tell, its part is "
        "that of an average film.\n"
        "With --history nothing needs to be named: what was rated well in the file falls into a few tastes, and the "
        "answer takes turns between them by their weight.\n"
        "Several people are served together by --together, what another one likes, or by several --history: the least "
        "pleased counts, and each answer says how much of the best it is for each, and for which film.\n"
        "With a key for TMDB a film that the catalogue does not have is fetched, saved and answered for, and what the "
        "films of the answer lack is filled in.",
        0, SIZE_MAX,
        {{"kino recommend \"Spirited Away\"", "ten films like it"},
         {"kino recommend Alien \"The Thing (1982)\" --not Predator", "between two, away from a third"},
         {"kino recommend \"Amélie\" --year -1970 --lang fr,it", "its spirit, in an older Europe"},
         {"kino recommend \"Heat (1995)\" --about \"an honest policeman\" -k 5 --explain", "with a wish, and with reasons"},
         {"kino recommend 862 --weight facts=0,people=0 --json", "Toy Story by its id, by its story alone"},
         {"kino recommend --history ratings.csv --unseen watched.csv", "for a whole taste, by Letterboxd's export"},
         {"kino recommend --history ratings.csv --among watchlist.csv", "which of the watchlist tonight?"},
         {"kino recommend Alien --among films", "which of those on the disk are like it"},
         {"kino recommend Alien --together \"Amélie; Grease\"", "for two who watch together"}}},
    [APP_SEARCH] = {"search", "TEXT...", "films that a description fits",
        "Finds films by what they are about, in your own words. Quotes are not needed. Take -- before words that begin "
        "with a dash.", 1, SIZE_MAX,
        {{"kino search robots that want to be human", "what you are in the mood for"},
         {"kino search heist that goes wrong --year 1970-1979 -k 20", "with a filter"}}},
    [APP_BATCH] = {"batch", "FILE|-", "many questions, a line each",
        "Reads a question a line as JSON and writes the answer to each as a line, in order, on all cores. A line has "
        "\"like\" and \"not\", titles or ids; \"about\"; \"unseen\", ids; and any option of the groups Question and "
        "Filters by its name with _ for -. What is given on the command line holds for every line, lists of a line are added.\n"
        "An answer is what recommend --json gives, and \"line\". A question that cannot be answered gives an object "
        "with \"error\" and, where a title is not clear, \"candidates\"; the others are answered all the same, and the exit "
        "code is that of the first failure. The network is not touched.", 1, 1,
        {{"kino batch - <questions.ndjson", "{\"like\":[862,\"Heat (1995)\"],\"not\":[578],\"k\":5}"},
         {"kino batch questions.ndjson -k 3 --min-votes 500", "what every line has in common"}}},
    [APP_FIND] = {"find", "TITLE", "which film is meant by a title",
        "Lists the films that a title, a beginning of one or an id may mean, best first, with years and ids. Accents "
        "and case do not matter.", 1, SIZE_MAX,
        {{"kino find hamlet", "all the Hamlets"}, {"kino find amelie --json", "for a program"}}},
    [APP_PICK] = {"pick", "[TITLE|TEXT ...]", "look around on a terminal",
        "What is typed finds titles, people and films about it, as kino search reads it, and says what was understood. Arrows "
        "and the mouse choose; Enter, Right or a second click shows films like the chosen one, Left goes back. + and - say "
        "what you like and what not, again to take it back; Tab shows films for that. Ctrl-W keeps what is typed as a wish "
        "for every list, \"slow, 90s, not horror\"; Ctrl-Z takes the last of these back; ? shows all keys. Beside the list, "
        "in a window of 90 columns, stands what is known of the chosen film, and why it is there. Escape goes back, clears, "
        "ends. At the end the question is printed as a command, to go on with.", 0, SIZE_MAX,
        {{"kino pick", "in a terminal of at least 40 columns"}, {"kino pick blade runner", "with something typed already"},
         {"kino pick --genre horror --year 1970-1989", "among these alone"},
         {"kino pick --print", "the id of what is taken, for scripts"}}},
    [APP_SHOW] = {"show", "TITLE|ID", "everything known of a film", "", 1, SIZE_MAX,
        {{"kino show \"Seven Samurai\"", "by title"}, {"kino show 346 --json", "by TMDB id, for a program"}}},
    [APP_WHY] = {"why", "FILM FILM", "why the second film is, or is not, near the first",
        "Compares two films: the rank of the second among all films like the first, what its score is made of, and "
        "what it has more or less than the last film of a list.", 2, 2,
        {{"kino why Alien Aliens", "what they share"}, {"kino why Alien \"Toy Story\" --json", "for a program"}}},
    [APP_WHY_NOT] = {"why-not", "FILM FILM", "what the second lacks to be in the first one's list",
        "The same as why.", 2, 2, {{"kino why-not Alien \"Blade Runner\"", "part by part"}}},
    [APP_ADD] = {"add", "TITLE|ID|FILE|- ...", "films into the catalogue",
        "A title, a TMDB or an IMDb id is fetched from TMDB. A file, or - for standard input, holds films as CSV with a "
        "header, as `kino build` takes it, or as TMDB's details in JSON; it may be compressed. A film that is there is "
        "changed by what a file says of it and keeps the rest; a number that another film has here is refused.",
        0, SIZE_MAX,
        {{"kino add \"Until Dawn\" --year 2025", "one film by its title"},
         {"kino add --tmdb 603", "by its id"}, {"kino add mine.csv", "your own list"}}},
    [APP_GROW] = {"grow", "", "thousands of films from TMDB",
        "Fetches the films of TMDB's daily export that the catalogue does not have, most popular first, at the rate that "
        "TMDB allows. Interrupted, the same command goes on where it was.", 0, 0,
        {{"kino grow --export movie_ids.json.gz --min-popularity 5 --limit 10000", "the ten thousand best known"}}},
    [APP_HEAL] = {"heal", "[TITLE|ID ...]", "fill in what films lack, from TMDB",
        "Poster, overview, rating, votes, runtime, year and genres that are missing or impossible are taken from TMDB's "
        "record of the same film: by id, if title or IMDb id agree, else by IMDb id, else by title and year. What is "
        "there is never overwritten. Without a film, all are looked at.", 0, SIZE_MAX,
        {{"kino heal --dry-run", "what would be changed"}, {"kino heal \"Metropolis (1927)\"", "one film"}}},
    [APP_REFRESH] = {"refresh", "", "ask TMDB again for what came from it",
        "TMDB's terms want what came from it renewed or deleted within six months.", 0, 0,
        {{"kino refresh --older-than 150d", "in time"}}},
    [APP_PURGE] = {"purge", "", "delete what came from TMDB",
        "Films that came from TMDB are removed, and fields that were filled in are emptied, if that was longer ago than "
        "--older-than, 180 days otherwise.", 0, 0,
        {{"kino purge", "what TMDB's terms want"}, {"kino purge --older-than 0d", "everything of TMDB"}}},
    [APP_RETRAIN] = {"retrain", "", "train the encoder on the catalogue as it is now",
        "Renews the columns and the autoencoder after the catalogue has grown. The old ones serve until the new ones "
        "are complete.", 0, 0, {{"kino retrain", "after kino grow"}}},
    [APP_REMOVE] = {"remove", "ID...", "take films out of the catalogue",
        "Takes TMDB ids, as `kino find` tells them.", 1, SIZE_MAX, {{"kino remove 862 863", "two films fewer"}}},
    [APP_EXPORT] = {"export", "[FILE]", "the films of the catalogue as a table",
        "Writes every film as a row of CSV with the columns of Kaggle's movies_metadata.csv, and keywords, cast, directors "
        "and the year; or, with --ndjson or into a file of that name, as a JSON object a line. Without a file, or with -, it "
        "goes to standard output. `kino build` makes the same catalogue of it.", 0, 1,
        {{"kino export films.csv", "for a spreadsheet, or to build anew"},
         {"kino export --ndjson | jq .title", "for a program"}}},
    [APP_INFO] = {"info", "", "what the catalogue holds", "", 0, 0, {{"kino info", "size, recipe, model, index"}}},
    [APP_CHECK] = {"check", "", "is everything sound?",
        "Reads every page of the catalogue and every checksum of the weights and the index snapshot, compares the "
        "fingerprints of what made the vectors, follows all links of the graph and measures what it finds. Exits with 5 "
        "when something is damaged, and says what to do.", 0, 0,
        {{"kino check", "after a crash, or of a copy"}, {"kino check --repair", "and mend what can be derived anew"}}},
    [APP_BENCH] = {"bench", "", "how fast it is here",
        "Asks the catalogue a few hundred questions of each kind and tells how long they took, one after the other, in "
        "this process; and how many of the ten nearest films the graph finds that looking at every film finds.", 0, 0,
        {{"kino bench", "with your films, on your machine"}}},
    [APP_EVAL] = {"eval", "", "how good are the answers?",
        "Asks for films like each film and tells how much the answers are like it, as far as there are files that say so: "
        "by what viewers said of both (--tags), by how much more often than chance the same people like both (--ratings "
        "and --links), both as NDCG@10 of lists in which films without tags or likes are passed over; and by the films "
        "of its series that are among ten, for which the catalogue is enough. Beside it stands what the lists look like: "
        "how much of them is within two years of the film, how many votes they have to the film's own, how many films "
        "ever stand in one.\n"
        "With ratings it also tells of the next film that was rated, which rewards the order in which a site showed "
        "films: every film that a user liked is asked for from what the user had liked before, among all films that the "
        "user had not rated by then. Reported is how often it was among ten (HR@10), how high (NDCG@10, MRR), how many "
        "films are ever shown (coverage), how well known they are, how unlike each other, and how many are sequels; for "
        "one seed, five, the whole history and a split in time, beside simpler methods. Half of the users are asked; "
        "methods that learn from ratings learn from the other half.\n"
        "Behind each figure stands the middle 95 % over sets of films, or of users where ratings say what is right.\n"
        "With --topics and --qrels it searches instead, for the words of each topic, and tells how high the films are that "
        "were judged right (NDCG@10, MRR) and whether one is among ten (success), by the letters that names of topics begin "
        "with.", 0, 0,
        {{"kino eval", "series, and what the lists look like"},
         {"kino eval --tags tags.csv --ratings ratings.csv --links links.csv", "all figures"},
         {"kino eval --topics topics.tsv --qrels qrels.txt --run run.txt", "searches"}}},
    [APP_TUNE] = {"tune", "", "let tags and ratings say what counts",
        "Finds weights of the score's parts. With what viewers said of films (--tags), with MovieLens' ratings of many "
        "people (--ratings and --links) or with both: those by which the answers are most like the films asked for, as "
        "kino eval measures it, searched weight by weight and judged by films that are held out. With what one person "
        "rated: those that fit what was liked to what was liked before, judged by the last likes; the fewer there are, "
        "the nearer the weights stay to those that come with the program.\n"
        "They are saved for this catalogue if they gain by it.", 0, 0,
        {{"kino tune --ratings letterboxd/ratings.csv", "your own taste"},
         {"kino tune --tags tags.csv --ratings ratings.csv --links links.csv --dry-run", "what many people's would change"},
         {"kino tune --undo", "as it was"}}},
    [APP_SERVE] = {"serve", "", "a page and an API over HTTP",
        "Serves the page at / and the API below /api/v1/ (described in /api/v1/openapi.json), with /healthz and /metrics. "
        "Films that other programs add are seen within a second. SIGHUP opens the catalogue anew, SIGTERM or Ctrl-C ends "
        "the server when what it is at is answered. The access log goes to standard error, unless -q.", 0, 0,
        {{"kino serve", "then open http://127.0.0.1:8080/"},
         {"kino serve --port 0 --json", "on any free port, told to a program"}}},
    [APP_PUSH] = {"push", "", "the catalogue into a search cluster",
        "Sends films and vectors into an index of OpenSearch, many at a time: the first time all of them, then what was "
        "changed since, deletions too. What is sent twice or late does no harm, and a push that was interrupted goes on "
        "where it was. recommend, search, batch and serve find films there with --backend; titles, vectors of a "
        "question and scores stay here.", 0, 0,
        {{"kino push --to http://10.0.0.1:9200,http://10.0.0.2:9200 --index films", "now, and after every change"},
         {"kino push --to http://10.0.0.1:9200 --index small --type int8 --shards 3", "bytes, over three machines or more"},
         {"kino push --to http://10.0.0.1:9200 --index films --rebuild", "after kino build or retrain"}}},
    [APP_EMBED] = {"embed", "", "text to vectors",
        "Reads one text a line from standard input and writes a vector of 384 numbers for each, in order. A line ends "
        "at \\n; a \\r before it is dropped. An empty line is an empty text.", 0, 0,
        {{"printf 'a heist goes wrong\\n' | kino embed", "{\"i\":0,\"v\":[...]}"},
         {"kino embed --format npy <plots.txt >plots.npy", "for numpy.load"},
         {"kino embed --records <texts.ndjson >plots.ndjson", "for kino build --vectors, here or on many machines"}}},
    [APP_TOKENIZE] = {"tokenize", "", "text to the model's token ids",
        "Reads one text a line from standard input and writes a line of WordPiece ids for each, [CLS] and [SEP] "
        "included, 256 at most.", 0, 0,
        {{"echo 'a quiet film' | kino tokenize", "101 1037 4251 2143 102"}}},
    [APP_COMPLETIONS] = {"completions", "bash|zsh|fish", "completion for a shell",
        "Writes a script that completes commands, options and their values, files and, from the catalogue, titles, people, "
        "genres, languages and countries. `make install` puts the scripts where the shells look for them.", 1, 1,
        {{"source <(kino completions bash)", "now, in this shell"},
         {"kino completions fish >~/.config/fish/completions/kino.fish", "from now on"}}},
    [APP_VERSION] = {"version", "", "version and notices", "", 0, 0, {{0}}},
    [APP_HELP] = {"help", "[COMMAND]", "what the commands do", "", 0, 1,
        {{"kino help recommend", "options and examples of a command"},
         {"kino help --man | man -l -", "the manual page"}}},
};
/* clang-format on */
