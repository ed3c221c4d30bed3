#!/bin/sh
# Makes .venv what a lock file says, and does nothing when it is that already.
#
#   sh .ci/venv.sh check      one line about what is missing to begin with, or nothing
#   sh .ci/venv.sh runtime    what the product needs (requirements.lock)
#   sh .ci/venv.sh dev        the same and what its tests and checks need (requirements-dev.lock)
#
# PYTHON names an interpreter; otherwise the first of python3.11, python3.12, python3.13, python3 that fits.
set -eu
# Nobody but the owner may write what later runs with the owner's rights.
umask g-w,o-w
cd "$(dirname "$0")/.."

venv=.venv
stamps=$venv/stamps
# An install below a user's own folder, or one that asks, is never what is meant here.
PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_USER PIP_NO_INPUT PIP_DISABLE_PIP_VERSION_CHECK
unset PYTHONHOME

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }
version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true; }

# Prints the interpreter to use. Without one prints why, on stderr, in one line.
interpreter() {
    without_venv=
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        fits "$name" || continue
        if has_venv "$name"; then
            echo "$name"
            return 0
        fi
        without_venv=${without_venv:-$name}
    done
    if [ -n "$without_venv" ]; then
        version=$(version_of "$without_venv")
        echo "Python $version is here without its venv module: install the package python$version-venv" \
            "(on Debian and Ubuntu: apt-get install python$version-venv)" >&2
    elif [ -n "${PYTHON:-}" ]; then
        version=$(version_of "$PYTHON")
        echo "Python 3.11, 3.12 or 3.13 is needed, and PYTHON=$PYTHON is ${version:-not a Python}" >&2
    else
        version=$(version_of python3)
        echo "Python 3.11, 3.12 or 3.13 is needed, and python3 is ${version:-not installed};" \
            "name another with make PYTHON=/path/to/python" >&2
    fi
    return 1
}

# The folder is part of the key, since an environment that was copied along with its checkout still points at the old one.
key_of() { { pwd -P; cat "$@"; } | cksum | tr ' ' '-'; }
stamped() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; }
install() { "$venv/bin/python" -m pip install -qq --no-deps "$@"; }

current() {
    stamped runtime "$runtime_key" && { [ ! -e "$stamps/dev" ] || stamped dev "$dev_key"; } &&
        "$venv/bin/python" -c '' 2>/dev/null
}

# A changed lock starts from an empty environment, so that nothing the lock has dropped lingers.
environment() {
    if current; then
        [ -n "${PYTHON:-}" ] || return 0
        [ "$(version_of "$venv/bin/python")" != "$(version_of "$PYTHON")" ] || return 0
    fi
    python=$(interpreter)
    rm -rf "$venv"
    "$python" -m venv "$venv"
    mkdir "$stamps"
}

# Without compiling: Python compiles what is imported, and most of what is installed never is.
requirements() { install --no-compile --require-hashes --only-binary :all: -r "$1"; }

main() {
    wanted=$1
    started=$(date +%s)
    environment
    if [ "$wanted" = dev ] && ! stamped dev "$dev_key"; then
        echo "Installing what the product and its tests need into $venv ..." >&2
        requirements requirements-dev.lock
        # Here everything, since the tests turn warnings into errors and compiling gives warnings of its own.
        "$venv/bin/python" -m compileall -qq -j 0 "$venv/lib" >/dev/null 2>&1 || true
        echo "$dev_key" >"$stamps/dev"
        echo "$runtime_key" >"$stamps/runtime"
    elif ! stamped runtime "$runtime_key"; then
        echo "Installing what the product needs into $venv ..." >&2
        requirements requirements.lock
        echo "$runtime_key" >"$stamps/runtime"
    fi
    if ! stamped project "$project_key"; then
        install --no-build-isolation -e .
        echo "$project_key" >"$stamps/project"
    fi
    echo "install_seconds=$(($(date +%s) - started))"
}

runtime_key=$(key_of requirements.lock)
dev_key=$(key_of requirements.lock requirements-dev.lock)
project_key=$(key_of pyproject.toml)
case "${1:-}" in
    check) current || interpreter 2>&1 >/dev/null || true ;;
    runtime | dev) main "$1" ;;
    *)
        echo "usage: venv.sh check | runtime | dev" >&2
        exit 2
        ;;
esac
