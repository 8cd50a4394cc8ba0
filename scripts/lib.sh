# Shared by the scripts of this folder: sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# build CONFIGURATION: the demo's programs, if a source is newer than they are; says little, and shows the compiler's words
# only when it fails.
build() {
    local log product started=$SECONDS stamp="$root/.build/$1.built" flags=()
    # As it is installed (docs/operate.md): one file, without the toolchain's libraries.
    if [[ $1 == release ]]; then flags=(--static-swift-stdlib); fi
    cd "$root"
    if [[ -e $stamp && -z $(find Sources Package.swift -newer "$stamp" -print -quit) ]]; then return; fi
    log=$(mktemp)
    mkdir -p .build && touch "$stamp.new"
    for product in countersign client-portal card-simulator carrier-simulator; do
        printf 'Building %s (%s) …' "$product" "$1"
        if ! swift build -c "$1" "${flags[@]}" --product "$product" >"$log" 2>&1; then
            printf '\n'
            cat "$log" >&2
            rm -f "$log"
            fail "The build of $product failed; the compiler's words are above."
        fi
        printf ' done, %s s\n' "$((SECONDS - started))"
    done
    rm -f "$log"
    mv "$stamp.new" "$stamp" # as old as the beginning: what was changed meanwhile counts as new
}

# port_is_free PORT: whether nobody on this machine listens there.
port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
