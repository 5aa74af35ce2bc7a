#!/bin/sh
# Installs what the build and the tests need and what is not there yet. Debian and Ubuntu: through apt. Elsewhere it
# prints the package names and stops. Nothing is downloaded by hand and nothing is installed twice.
#   install.sh             `make deps`
#   install.sh --check     says what is missing, and fails if nothing can be built or tested without it
set -eu

missing() {  # MODULE...: those that pkg-config does not find
    for module; do
        pkg-config --exists "$module" 2>/dev/null || printf '%s ' "$module"
    done
}

need=""
command -v cc >/dev/null 2>&1 || need="$need cc"
command -v pkg-config >/dev/null 2>&1 || need="$need pkg-config"
need=$(echo $need $(missing sqlite3 zlib libutf8proc cmocka))
# Without these kino is built with less in it, and their tests are skipped.
more=$(missing libcjson libcurl libmicrohttpd ncursesw liblzma libzstd)
command -v python3 >/dev/null 2>&1 || more="$more python3"
# The python3 in front may be another than the distribution's, to which the packages below belong.
numpy=""
python3 -c 'import numpy, pip' 2>/dev/null || /usr/bin/python3 -c 'import numpy, pip' 2>/dev/null || numpy="numpy pip"
more=$(echo $more)

apt_name() {
    case $1 in
    cc) echo "gcc libc6-dev" ;;
    sqlite3) echo libsqlite3-dev ;;
    zlib) echo zlib1g-dev ;;
    libcjson) echo libcjson-dev ;;
    libutf8proc) echo libutf8proc-dev ;;
    libcurl) echo libcurl4-openssl-dev ;;
    libmicrohttpd) echo libmicrohttpd-dev ;;
    ncursesw) echo libncurses-dev ;;
    liblzma) echo liblzma-dev ;;
    libzstd) echo libzstd-dev ;;
    cmocka) echo libcmocka-dev ;;
    numpy) echo python3-numpy ;;
    pip) echo python3-pip ;;
    *) echo "$1" ;;
    esac
}

if [ "${1:-}" = --check ]; then
    names() {  # NAME...: as the packages of Debian are called
        for n; do printf ' %s' "$(apt_name "$n")"; done
    }
    # shellcheck disable=SC2086
    [ -z "$more" ] || echo "not installed, so not tested:$(names $more); make deps installs it" >&2
    # shellcheck disable=SC2086
    [ -z "$need" ] || { echo "missing:$(names $need); run make deps" >&2; exit 1; }
    exit 0
fi

need=$(echo $need $more $numpy)
[ -n "$need" ] || exit 0
echo "make deps: missing: $need" >&2
if command -v apt-get >/dev/null 2>&1; then
    as_root=""
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || { echo "make deps: run as root: make deps" >&2; exit 1; }
        as_root=sudo
    fi
    packages=$(for n in $need; do apt_name "$n"; done)
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >&2
    exit 0
fi
cat >&2 <<'EOF'
make deps: no apt here; install these and try again:
  apk add build-base pkgconf sqlite-dev zlib-dev cjson-dev utf8proc-dev curl-dev libmicrohttpd-dev ncurses-dev \
      xz-dev zstd-dev cmocka-dev py3-numpy py3-pip
  dnf install gcc make pkgconf-pkg-config sqlite-devel zlib-devel cjson-devel utf8proc-devel libcurl-devel \
      libmicrohttpd-devel ncurses-devel xz-devel libzstd-devel libcmocka-devel python3-numpy python3-pip
  brew install pkg-config sqlite cjson utf8proc curl libmicrohttpd ncurses xz zstd cmocka numpy
EOF
exit 1
