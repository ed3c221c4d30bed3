#!/bin/sh
# Writes requirements.lock and requirements-dev.lock: with hashes, for Python 3.11 to 3.13 on any platform, wheels only,
# and without the name of any host, so that they install from whatever index a machine is set up with.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-uv}
command -v "$uv" >/dev/null || {
    echo "uv is needed to write the lock files; name one with make lock UV=/path/to/uv" >&2
    exit 1
}

compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
        --no-emit-index-url --no-header --annotation-style line "$@"
}

compile "$@" pyproject.toml --group build -o requirements.lock
# The second lock holds the first: a test runs against what the product runs with.
compile "$@" -c requirements.lock pyproject.toml --group dev --extra postgres -o requirements-dev.lock
if grep -n '://' requirements.lock requirements-dev.lock; then
    echo "A lock file names a host." >&2
    exit 1
fi
