# Sourced by ./run, ./test and ./bench: says what it does, installs what is missing.

set -euo pipefail

# Clean checkouts share what the compiler cache holds, wherever they lie.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

started_at=$SECONDS

# One line a step, with the seconds since the start.
step() {
    printf '[%4ds] %s\n' "$((SECONDS - started_at))" "$*"
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "'$*' needs root: run this once as root, or install sudo"
    fi
}

# The packages of the lists that are not installed yet. A line `PACKAGE COMMAND` is content with the command,
# whoever brought it: Debian's npm cannot be installed beside the Node.js of others.
missing_packages() {
    local list package command
    for list in "$@"; do
        while read -r package command; do
            case $package in '' | '#'*) continue ;; esac
            [ -z "$command" ] || ! command -v "$command" >/dev/null || continue
            dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
                printf '%s\n' "$package"
        done <"$list"
    done | sort -u
}

# Packages that bring a daemon must not start it: Watchpost runs its own copies on loopback and leaves the
# machine's services alone. Debian's switch for that is policy-rc.d; a unit that came with the package is
# disabled, so that a reboot does not start it either.
install_without_starting_services() {
    local policy=/usr/sbin/policy-rc.d made_policy='' before after unit
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        made_policy=yes
    fi
    before=$(service_units)
    local status=0
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove \
        -o Dpkg::Use-Pty=0 "$@" >"$setup_log" 2>&1 || status=$?
    [ -z "$made_policy" ] || as_root rm -f "$policy"
    if [ "$status" -ne 0 ]; then
        tail -n 20 "$setup_log" >&2
        fail "apt-get could not install: $*"
    fi
    after=$(service_units)
    if [ -d /run/systemd/system ]; then
        comm -13 <(printf '%s\n' "$before") <(printf '%s\n' "$after") | while read -r unit; do
            step "leaving the new service $unit disabled"
            as_root systemctl disable --quiet "$unit" 2>/dev/null || true
        done
    fi
}

service_units() {
    find /lib/systemd/system -maxdepth 1 \( -name 'dovecot*' -o -name 'clamav*' -o -name 'microsocks*' \) -printf '%f\n' 2>/dev/null |
        sort
}

# install_packages build demo …: names of lists in tools/packages.
install_packages() {
    local lists=() name missing
    for name in "$@"; do
        lists+=("$root/tools/packages/$name.txt")
    done
    missing=$(missing_packages "${lists[@]}")
    if [ -z "$missing" ]; then
        return
    fi
    grep -qs '^ID=debian' /etc/os-release && grep -qs '^VERSION_ID="12"' /etc/os-release ||
        step "this is not Debian 12: package names may differ"
    setup_log=$(mktemp)
    step "asking apt for its package lists"
    as_root apt-get update -qq >"$setup_log" 2>&1 || {
        tail -n 5 "$setup_log" >&2
        fail "apt-get update failed: are Debian's mirrors reachable?"
    }
    # shellcheck disable=SC2086 # one word a package
    step "installing $(printf '%s\n' $missing | wc -l) packages:" $missing
    # shellcheck disable=SC2086
    install_without_starting_services $missing
    rm -f "$setup_log"
}

# build PRESET TARGET… with progress on a terminal, quiet in a log otherwise.
build_targets() {
    local preset=$1
    shift
    cmake --build "$root/build/$preset" --target "$@"
}
