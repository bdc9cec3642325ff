#!/bin/sh
# Compiles a crate of ours as xtask says in INSTRUMENTED: cargo's RUSTC_WORKSPACE_WRAPPER for the fuzz targets.
exec "$@" $INSTRUMENTED
