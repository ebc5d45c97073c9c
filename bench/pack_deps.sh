#!/usr/bin/env bash
# pack_deps.sh [DEST]: unpacks the C++ packages that the engine and its tests need into DEST, by default .gpu-deps, which git
# ignores. For a machine with a GPU and no packages: run it on a Debian machine, copy the tree there, and bench/gpu_check.sh
# finds them. Installs nothing, and needs no root. About 20 MB.
set -euo pipefail
cd "$(dirname "$0")/.."
dest=${1:-.gpu-deps}
packages=(libeigen3-dev nlohmann-json3-dev libfmt-dev libcli11-dev doctest-dev zlib1g-dev)
# The libraries themselves, where the header's package only links to them.
mapfile -t libraries < <(apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
  libfmt-dev zlib1g-dev | awk '$1 == "Depends:" && $2 ~ /^(libfmt[0-9]+|zlib1g)$/ { print $2 }')
mkdir -p "$dest"
dest=$(realpath "$dest")
download=$(mktemp -d)
trap 'rm -rf "$download"' EXIT
cd "$download"
apt-get download "${packages[@]}" "${libraries[@]}"
for package in ./*.deb; do dpkg -x "$package" "$dest"; done
rm -rf "$dest"/usr/share/{doc,man,lintian}
du -sh "$dest"
