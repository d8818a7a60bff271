# Sourced by scripts/start, scripts/test and scripts/bench: puts in place whatever is missing, shows progress, and
# says plainly what failed. Every step looks first, so a second run takes no time.
# Expects: set -euo pipefail, $root = the checkout.

export PATH="$root/node_modules/.bin:$PATH"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cordboard
setup_log=$root/.cache/setup.log
mkdir -p "$cache" "$root/.cache"

# What runs the product, what builds the mediasoup worker, what the tests drive it with: the fast ones a C compiler
# for the panel's logic, the others real peers, and the panel's microcontroller built and simulated.
run_packages=(ffmpeg espeak-ng openssl)
worker_packages=(g++ patch pkg-config ninja-build meson libabsl-dev libflatbuffers-dev flatbuffers-compiler
  libsrtp2-dev libuv1-dev libssl-dev libusrsctp-dev)
unit_packages=(gcc libc6-dev make)
test_packages=(sip-tester baresip-core linphone-cli chromium tshark iproute2 nftables socat sox
  gcc-avr avr-libc libsimavr-dev libelf-dev)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    echo "This step needs root: run it as root, or install sudo." >&2
    return 1
  fi
}

# step LABEL COMMAND…: runs it with its output in the log; on a terminal the last line of it is shown meanwhile.
step() {
  local label=$1 started=$SECONDS line
  shift
  printf '• %s … ' "$label"
  : >"$setup_log"
  "$@" </dev/null >>"$setup_log" 2>&1 &
  local pid=$!
  if [ -t 1 ]; then
    while kill -0 "$pid" 2>/dev/null; do
      line=$(tail -c 400 "$setup_log" | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c1-60 || true)
      printf '\r\033[K• %s … %ss  %s' "$label" $((SECONDS - started)) "$line"
      sleep 0.5
    done
    printf '\r\033[K• %s … ' "$label"
  fi
  if wait "$pid"; then
    echo "done ($((SECONDS - started)) s)"
  else
    echo 'FAILED'
    tail -n 40 "$setup_log" | sed 's/^/    /' >&2
    echo "The whole output is in ${setup_log#"$root"/}. Mend what it names and run the same command again." >&2
    exit 1
  fi
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
  done
}

install_packages() {
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

ensure_packages() {
  local label=$1 missing
  shift
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} = 0 ] || step "Debian packages for $label (${#missing[@]})" install_packages "${missing[@]}"
}

# Packages from npm by the lock file; its node-linux-* package is the Node that everything runs on. No install
# script of a package runs, so nothing is fetched but what the lock file names with its checksum.
install_node_modules() {
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  # Older npm (9, Debian 12's) leaves this link out.
  local node
  node=$(echo node_modules/node-linux-*/bin/node)
  ln -sf "../${node#node_modules/}" node_modules/.bin/node
  node_modules/.bin/node --version
  modules_fingerprint >node_modules/.cordboard
}

modules_fingerprint() { cat package.json package-lock.json | sha256sum | cut -d' ' -f1; }

ensure_node_modules() {
  command -v npm >/dev/null || ensure_packages 'Node.js (only to install the right one)' nodejs npm ca-certificates
  [ "$(cat node_modules/.cordboard 2>/dev/null)" = "$(modules_fingerprint)" ] || step 'Packages from npm' install_node_modules
}

# mediasoup's own prebuilt worker where it can be downloaded (PYTHON=/bin/false keeps its fallback build, which
# needs more downloads, from starting), else built here from the same package against Debian's libraries.
download_worker() {
  (cd node_modules/mediasoup && env -u MEDIASOUP_WORKER_BIN PYTHON=/bin/false timeout 120 node npm-scripts.mjs postinstall) || true
  local prebuilt=node_modules/mediasoup/worker/out/Release/mediasoup-worker
  [ -x "$prebuilt" ] && worker_runs "$prebuilt" && install -D "$prebuilt" "$1"
}

# Without its environment a sound worker ends with status 41.
worker_runs() {
  local status=0
  env -i "$1" >/dev/null 2>&1 || status=$?
  [ "$status" = 41 ]
}

# A cached worker that does not run lacks Debian's libraries, most likely.
obtain_worker() {
  download_worker "$1" && return
  install_worker_packages
  worker_runs "$1" || "$root/scripts/build-mediasoup-worker" "$1"
}

install_worker_packages() {
  local missing
  mapfile -t missing < <(missing_packages "${worker_packages[@]}")
  [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}

ensure_worker() {
  local version recipe
  version=$(node -p 'require("./node_modules/mediasoup/package.json").version')
  recipe=$(find scripts/build-mediasoup-worker scripts/mediasoup-worker -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-12)
  MEDIASOUP_WORKER_BIN=${MEDIASOUP_WORKER_BIN:-$cache/mediasoup-worker-$version-$recipe-$(uname -m)}
  export MEDIASOUP_WORKER_BIN
  worker_runs "$MEDIASOUP_WORKER_BIN" || step 'mediasoup worker (built once, up to 15 minutes)' obtain_worker "$MEDIASOUP_WORKER_BIN"
}

ui_fingerprint() {
  find web-ui src/api src/domain scripts/build-ui.ts package-lock.json -type f -not -path 'web-ui/dist/*' |
    LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -d' ' -f1
}

build_ui() {
  node scripts/build-ui.ts
  ui_fingerprint >web-ui/dist/.fingerprint
}

ensure_ui() {
  [ "$(cat web-ui/dist/.fingerprint 2>/dev/null)" = "$(ui_fingerprint)" ] || step 'Pages' build_ui
}

# The built-in prompts are rendered once for this checkout; an instance copies them at its first start.
prompts_fingerprint() {
  find src/prompts scripts/render-prompts.ts -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1
}

render_prompts() {
  CORDBOARD_DATA=$root/.cache node --disable-warning=ExperimentalWarning scripts/render-prompts.ts
  prompts_fingerprint >"$CORDBOARD_PROMPTS/.fingerprint"
}

ensure_prompts() {
  export CORDBOARD_PROMPTS=$root/.cache/prompts
  [ "$(cat "$CORDBOARD_PROMPTS/.fingerprint" 2>/dev/null)" = "$(prompts_fingerprint)" ] || step 'Spoken prompts' render_prompts
}

# Everything that the product needs to run.
ensure_product() {
  cd "$root"
  ensure_node_modules
  ensure_packages 'speech and sound' "${run_packages[@]}"
  ensure_worker
  ensure_ui
  ensure_prompts
}
