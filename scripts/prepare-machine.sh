#!/bin/sh
# Installs what the tests need beyond npm, where it is missing and may be installed; says nothing where all is there.
# What can't be had is named, a line each, and its tests are skipped: it is no failure.
set -u

POLICY=/usr/sbin/policy-rc.d
LOG=$(mktemp)
made_policy=
updated=

finish() {
  rm -f "$LOG"
  if [ "$made_policy" ]; then as_root rm -f "$POLICY"; fi
}
trap finish EXIT
trap 'exit 1' INT TERM

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

has() {
  for program; do
    for file in "$(command -v "$program")" /usr/sbin/"$program" /usr/lib/postgresql/*/bin/"$program"; do
      [ -x "$file" ] && return
    done
  done
  return 1
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" >"$LOG" 2>&1 </dev/null
}

# The tests start servers of their own: the one that Debian starts with the package would only be in their way.
start_no_services() {
  [ -e "$POLICY" ] && return
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null && as_root chmod 755 "$POLICY"
}

# install <what it is> <its programs, any of them> <packages that have it, any of them>
install() {
  # Unquoted here and below: each word is one program, or one package.
  has $2 && return
  if ! command -v apt-get >/dev/null || ! as_root true 2>/dev/null; then
    echo "prepare-machine: $1 is missing: install it (Debian's package: ${3%% *})" >&2
    return
  fi
  start_no_services
  if [ ! "$updated" ]; then apt update; fi
  updated=yes
  for package in $3; do
    if apt install -y --no-install-recommends "$package" && has $2; then
      command -v systemctl >/dev/null && as_root systemctl disable --quiet "$package" 2>/dev/null
      echo "prepare-machine: $1 is installed"
      return
    fi
  done
  echo "prepare-machine: $1 is missing, and can't be installed: $(grep '^E:' "$LOG" | tail -n 1)" >&2
}

install PostgreSQL postgres postgresql
install Redis 'redis-server valkey-server' 'redis-server valkey-server'
install HAProxy haproxy haproxy
install nginx nginx nginx
install OpenSSL openssl openssl
install Caddy caddy caddy
install Chromium 'chromium chromium-browser google-chrome' chromium
install 'the program script' script bsdutils
install curl curl curl
install jq jq jq
exit 0
