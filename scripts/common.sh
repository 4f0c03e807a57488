# Shared by scripts/up and scripts/test; sourced, never run.
# Brings a Debian machine to where the program can start: packages, npm modules,
# web build. Each step looks first and does nothing when there is nothing to do.

# What runs in production, what the demonstration adds, what the tests add.
RUN_PACKAGES=(janus rtpengine-daemon espeak-ng)
DEMO_PACKAGES=(baresip-core baresip-ffmpeg ffmpeg fonts-dejavu-core)
TEST_PACKAGES=("${DEMO_PACKAGES[@]}" chromium firefox-esr sip-tester sipvicious openssl tshark iproute2 nftables postgresql coturn socat)

step() { printf '▸ %s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null && return
  fail 'Node.js and npm are missing: apt-get install nodejs npm (version 20 or newer)'
}

# need_packages <package>...: installs what is missing, or says how.
need_packages() {
  local missing=() package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local -a root
  as_root root || fail "Debian packages are missing: sudo apt-get install --no-install-recommends ${missing[*]}"
  step "installing Debian packages: ${missing[*]}"
  local -a apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update >/dev/null || step 'apt-get update failed, going on with the lists at hand'
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null ||
    fail "apt-get install ${missing[*]} failed"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# as_root <array>: fills the array with what goes before a command to run it as root.
as_root() {
  local -n prefix=$1
  prefix=()
  [ "$(id -u)" -eq 0 ] && return 0
  prefix=(sudo)
  command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }
}

# npm modules, again only when the lock file has changed.
need_modules() {
  local stamp=node_modules/.diemcau-lock lock
  lock=$(sha256sum <package-lock.json)
  [ "$(cat "$stamp" 2>/dev/null)" = "${lock%% *}" ] && return
  step 'installing npm modules'
  # node-av brings its libraries as npm packages; SKIP_FFMPEG keeps it from fetching a program.
  SKIP_FFMPEG=true npm ci --no-fund --no-audit --loglevel=error </dev/null || fail 'npm ci failed'
  printf '%s\n' "${lock%% *}" >"$stamp"
}

# The web pages, again only when something they are made of has changed.
need_web() {
  local stamp=dist/.web-sources sources
  sources=$(find src/web src/contract vite.config.ts package-lock.json -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ] && return
  step 'building the web pages'
  "$NODE" node_modules/vite/bin/vite.js build --logLevel warn </dev/null || return 1
  "$NODE" scripts/first-load.ts
  printf '%s\n' "$sources" >"$stamp"
}

# The sound of the voice menu, again only when its words or recordings have changed.
need_prompts() {
  local stamp=dist/.prompt-sources sources
  sources=$(find prompts src/prompts package-lock.json -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sources" ] && return
  step 'making the sound of the voice menu'
  "$NODE" src/prompts/build.ts </dev/null || return 1
  printf '%s\n' "$sources" >"$stamp"
}

# Node 24 from the npm package; the machine's own only runs npm.
NODE=node_modules/.bin/node
