#!/bin/sh
# Whether what `make neon` needs is there: a compiler ($CC) that links utf8proc and cmocka for 64-bit ARM, and an
# emulator ($RUN) that runs the outcome. Installs nothing by itself: the packages are of a second architecture, which
# the owner of the machine has to allow first.
set -eu

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/try.c" <<'EOF'
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <utf8proc.h>

int main(void)
{
    return cmocka_run_group_tests_name(utf8proc_version(), ((const struct CMUnitTest[]){{0}}), NULL, NULL) != 0;
}
EOF
$CC "$dir/try.c" -o "$dir/try" -lutf8proc -lcmocka >"$dir/log" 2>&1 && $RUN "$dir/try" >>"$dir/log" 2>&1 && exit 0
sed 's/^/    /' "$dir/log" >&2
cat >&2 <<'EOF'
make neon: no compiler, libraries or emulator for 64-bit ARM. On Debian, as root:
  dpkg --add-architecture arm64 && apt-get update
  apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user libutf8proc-dev:arm64 libcmocka-dev:arm64
EOF
exit 1
