# Shared by the scripts; sourced, never run.
# shellcheck shell=bash disable=SC2034 # what is set here is used there

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit

# One place for everything that cargo builds, whatever cargo's own settings say.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}

# rustup's folder is in PATH only after the next log-in.
command -v cargo >/dev/null || PATH=$HOME/.cargo/bin:$PATH

# Schemathesis, in a Python environment of its own.
schemathesis_version=4.32.5
schemathesis=$CARGO_TARGET_DIR/schemathesis-$schemathesis_version/bin/schemathesis

# aiortc, likewise: a client of voice that shares no code with ours. It comes without a WebSocket.
aiortc_version=1.16.0 websockets_version=17.4
aiortc_python=$CARGO_TARGET_DIR/aiortc-$aiortc_version/bin/python

# PESQ (ITU-T P.862), in another one.
pesq_version=0.0.4
pesq_python=$CARGO_TARGET_DIR/pesq-$pesq_version/bin/python

# An ACME server for tests: scripts/setup compiles it.
pebble=$CARGO_TARGET_DIR/pebble/pebble

cargo_fuzz_version=0.13.2

# say WORDS…: tells what happens, beside the output of the programs that do it.
say() {
  if [ -t 2 ]; then printf '\033[1m▸ %s\033[0m\n' "$*" >&2; else printf '▸ %s\n' "$*" >&2; fi
}

# fail WORDS…: says why, and ends the script.
fail() {
  printf 'snug: %s\n' "$*" >&2
  exit 1
}

# usage: prints the comment at the head of the script that called.
usage() {
  sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
  exit 0
}

# step WORDS COMMAND…: runs a command, and says what it is and how long it took.
step() {
  local what=$1 start=$SECONDS
  shift
  say "$what"
  "$@"
  say "${what%% (*}: done in $((SECONDS - start)) s"
}

# build_web: builds ui/dist, if a source is newer than the last build.
build_web() {
  local stamp=ui/node_modules/.snug-built inputs=()
  local path
  for path in ui/src ui/public ui/scripts ui/index.html ui/*.ts ui/package-lock.json; do
    [ -e "$path" ] && inputs+=("$path")
  done
  if [ -e "$stamp" ] && [ -e ui/dist/index.html ] && [ -z "$(find "${inputs[@]}" -newer "$stamp" -print -quit)" ]; then
    return
  fi
  # The time of the start: what is saved while it builds is built the next time.
  touch ui/node_modules/.snug-building
  step "Building the web app" npm --prefix ui run --silent build -- --logLevel warn
  mv ui/node_modules/.snug-building "$stamp"
}

# build_server [FLAGS…]: builds the server, with the web app inside.
# shellcheck disable=SC2120 # called without flags, too
build_server() {
  step "Building the server (the first time takes minutes)" cargo build --locked --package snug-server "$@"
}

# The programs that the desktop app's packages put into /usr/bin.
desktop_programs=(snug-desktop snug-ptt)

# build_desktop [FLAGS…]: builds the desktop app, with the web app inside.
# shellcheck disable=SC2120 # called without flags, too
build_desktop() {
  local flags=() program
  for program in "${desktop_programs[@]}"; do flags+=(--bin "$program"); done
  # With the features that the whole workspace has, or all below it would be compiled anew.
  step "Building the desktop app (the first time takes minutes)" cargo build --locked --workspace "${flags[@]}" "$@"
}

# need_display: fails where no window can be opened.
need_display() {
  local what="there is no display for the desktop app's window"
  [ -n "${WAYLAND_DISPLAY:-}${DISPLAY:-}" ] || fail "$what: neither DISPLAY nor WAYLAND_DISPLAY is set.
What helps: start it from a desktop. Over SSH, 'ssh -X' brings windows to where you are; 'xvfb-run scripts/run desktop' makes a
display that nobody sees."
  wayland_answers || x11_answers || fail "$what: '${WAYLAND_DISPLAY:-$DISPLAY}' does not answer.
What helps: look whether the desktop still runs, and whether you may use it: a desktop belongs to who logged in there."
}

wayland_answers() {
  case ${WAYLAND_DISPLAY:-} in
    "") return 1 ;;
    /*) [ -S "$WAYLAND_DISPLAY" ] ;;
    *) [ -S "${XDG_RUNTIME_DIR:-}/$WAYLAND_DISPLAY" ] ;;
  esac
}

# A display of this machine is a file; one that SSH forwards is a port.
x11_answers() {
  local name=${DISPLAY:-} number
  number=${name##*:} number=${number%%.*}
  case $name in
    "") return 1 ;;
    :* | unix:*) [ -S "/tmp/.X11-unix/X$number" ] ;;
    *) (: <>"/dev/tcp/${name%:*}/$((6000 + number))") 2>/dev/null ;;
  esac
}

# build_all: builds every program, for tests. Together: alone, the server would be compiled anew with fewer features.
build_all() {
  build_web
  step "Building the programs (the first time takes minutes)" cargo build --locked --workspace
}

# lock_fuzz FOLDER: gives the fuzz targets there, which are apart from the workspace, the versions that everything else has.
lock_fuzz() {
  # cargo adds what only they need.
  [ "$1/Cargo.lock" -nt Cargo.lock ] || cp Cargo.lock "$1/Cargo.lock"
}

# find_chromium: prints the path of a browser that runs, if there is one.
find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium google-chrome google-chrome-stable chromium-browser "$(playwright_chromium)"; do
    # Ubuntu's chromium-browser is a stub that only says where to get one: look whether it runs.
    if [ -n "$name" ] && name=$(type -P "$name") && "$name" --version >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  return 1
}

# playwright_chromium: prints where Playwright puts a browser of its own, if it has one.
playwright_chromium() {
  local found
  found=$(compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium-*/chrome-linux*/chrome" | sort -V | tail -n 1) || true
  echo "$found"
}

# stop PID…: ends processes that this script started, and waits until they have.
stop() {
  local pid
  for pid in "$@"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}

# start_server DATA [FLAGS…]: starts the server that was built last, on a free port, and waits until it says where it is.
# Sets server_pid and server_url; its log is in DATA.log.
start_server() {
  local data=$1 _
  shift
  : >"$data.log"
  "$CARGO_TARGET_DIR/debug/snug-server" --listen 127.0.0.1:0 --data "$data" "$@" >"$data.log" 2>&1 &
  server_pid=$!
  for _ in {1..200}; do
    server_url=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$data.log" | head -n 1) || true
    if [ -n "$server_url" ]; then return; fi
    if ! kill -0 "$server_pid" 2>/dev/null; then break; fi
    sleep 0.1
  done
  cat "$data.log" >&2
  fail "the server did not start: its log is above."
}

# start_postgres FOLDER: starts a PostgreSQL of its own in an empty folder, reached through a socket there.
# Stop it with stop_postgres FOLDER.
start_postgres() {
  local folder=$1
  # PostgreSQL refuses to run as root.
  if [ "$EUID" -eq 0 ]; then chown "$(postgres_user)" "$folder"; fi
  postgres_program initdb --pgdata="$folder/data" --username=snug --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  # Nobody's data: a crash may lose it.
  local settings="-c listen_addresses='' -c unix_socket_directories='$folder' -c max_connections=300 -c fsync=off -c full_page_writes=off"
  postgres_program pg_ctl start --wait --silent --pgdata="$folder/data" --log="$folder/log" --options="$settings" || {
    cat "$folder/log" >&2
    fail "PostgreSQL did not start: its log is above."
  }
  postgres_program createdb --host="$folder" --username=snug snug
}

stop_postgres() {
  if [ -e "$1/data/postmaster.pid" ]; then postgres_program pg_ctl stop --silent --mode=immediate --pgdata="$1/data" || true; fi
  rm -rf "$1"
}

# postgres_url FOLDER: prints the address of the database.
postgres_url() {
  echo "postgres://snug@${1//\//%2F}/snug"
}

# postgres_program NAME …: runs one of PostgreSQL's programs, as an ordinary user.
postgres_program() {
  local bin
  bin=$(compgen -G "/usr/lib/postgresql/*/bin" | sort -V | tail -n 1)
  local command=("$bin/$1" "${@:2}")
  if [ "$EUID" -eq 0 ]; then command=(runuser --user "$(postgres_user)" -- "${command[@]}"); fi
  # That user may not be allowed into this folder.
  (cd / && "${command[@]}")
}

postgres_user() {
  if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}
