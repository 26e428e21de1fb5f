# SPDX-License-Identifier: GPL-2.0-or-later
# For every bats file: `load lib`. NP_BUILD is the folder of the binaries.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0
NP_TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
case ${NP_BUILD:=build} in
/*) ;;
*) NP_BUILD=$NP_TOP/$NP_BUILD ;;
esac
PATH=$NP_BUILD:$PATH
export NP_TOP NP_BUILD PATH LC_ALL=C.UTF-8
unset NO_COLOR
