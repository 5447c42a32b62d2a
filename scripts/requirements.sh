# shellcheck shell=bash
# What the scripts here need on a machine. Sourced by them, not run.

# The folder of the repository, whatever the present one is.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
RUST_NEEDED=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")
NODE_NEEDED=20.19

# A fresh installation of Rust is on the path only in shells opened after it.
if ! command -v cargo >/dev/null && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
  PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
fi

# at_least NEEDED FOUND
at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

# Says all that is missing at once, and how to get it; ends the script if anything is.
require_tools() {
  local missing=0 found
  lack() {
    missing=$((missing + 1))
    printf 'missing: %s\n         %s\n' "$1" "$2" >&2
  }
  if ! command -v cargo >/dev/null; then
    lack "Rust $RUST_NEEDED or newer" "install it from https://rustup.rs, then open a new shell"
  else
    found=$(cargo --version | cut -d ' ' -f 2)
    at_least "$RUST_NEEDED" "$found" ||
      lack "Rust $RUST_NEEDED or newer (this is $found)" "rustup update stable"
  fi
  if ! command -v cc >/dev/null; then
    if [ "$(uname -s)" = Darwin ]; then
      lack "a C compiler" "xcode-select --install"
    else
      lack "a C compiler" "apt-get install build-essential (or your system's gcc or clang)"
    fi
  fi
  if ! command -v node >/dev/null; then
    lack "Node $NODE_NEEDED or newer, to build the dashboard" "install it from https://nodejs.org"
  else
    found=$(node --version)
    at_least "$NODE_NEEDED" "${found#v}" ||
      lack "Node $NODE_NEEDED or newer (this is ${found#v})" "install it from https://nodejs.org"
  fi
  command -v npm >/dev/null || lack "npm" "it comes with Node from https://nodejs.org"
  if [ "$missing" -gt 0 ]; then
    echo "Nothing was built. Install what is missing and run this again." >&2
    exit 1
  fi
}

# Where cargo puts what it builds.
target_folder() {
  cargo metadata --manifest-path "$ROOT/Cargo.toml" --format-version 1 --no-deps |
    sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}
