#!/bin/sh
# Makes .venv with the pinned libraries and the xiandao command in it. Does nothing when all is as it should be.
# Usage: sh scripts/setup.sh base|dev
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-base}

# The product prints official documents as PDF, which needs a Chinese font: Song and Hei in the first package, Kai in the
# second. Their lack stops nothing but the PDF, so a failure here is told and passed over.
need_chinese_font() {
  command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn family)" ] && return
  fonts="fontconfig fonts-noto-cjk fonts-arphic-gkai00mp"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "正在安装中文字体（约 60 MB）……"
    apt-get update -qq >/dev/null 2>&1 || true
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $fonts >/dev/null 2>&1 && return
  fi
  echo "本机没有中文字体，公文不能印成 PDF。请运行：sudo apt install $fonts" >&2
  echo "No Chinese font: official documents cannot be printed as PDF. Run: sudo apt install $fonts" >&2
}
need_chinese_font

stamp=.venv/.xiandao-$wanted
sum=$(cat "requirements/$wanted.txt" pyproject.toml | sha256sum | cut -d' ' -f1)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ] && [ -x .venv/bin/xiandao ] && exit 0

find_python() {
  for name in python3.11 python3; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      command -v "$name"; return
    fi
  done
  echo "需要 Python 3.11（Debian 12 自带：apt install python3）。/ Python 3.11 is needed (Debian 12: apt install python3)." >&2
  exit 1
}

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  python=$(find_python)
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      echo "正在安装 python3-venv……"
      apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv python3.11-venv >/dev/null
      "$python" -m venv .venv
    else
      echo "本机 Python 缺少 venv 模块，请先运行：sudo apt install python3-venv / Python lacks venv: sudo apt install python3-venv" >&2
      exit 1
    fi
  fi
fi
echo "正在安装所需的库（$wanted，首次约一分钟）……"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$wanted.txt"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
echo "$sum" > "$stamp"
# What development needs contains what running needs.
[ "$wanted" = base ] || cat requirements/base.txt pyproject.toml | sha256sum | cut -d' ' -f1 > .venv/.xiandao-base
