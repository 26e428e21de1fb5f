# SPDX-License-Identifier: GPL-2.0-or-later
# netpath: pkttrace, prt and lvsctl on one library. GNU make; `make help` lists the targets.

VERSION := 0.1
PREFIX ?= /usr/local
DESTDIR ?=
SBINDIR ?= $(PREFIX)/sbin
MANDIR ?= $(PREFIX)/share/man
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPDIR ?= $(PREFIX)/share/zsh/site-functions
BUILD ?= build

CC ?= cc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
LIBS := libnftnl libmnl libbsd jansson zlib

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla \
	-Wwrite-strings -Wpointer-arith -Wundef -Wformat=2 -Wimplicit-fallthrough
override CPPFLAGS += -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -DNP_VERSION='"$(VERSION)"' -D_FORTIFY_SOURCE=$(if $(SANITIZE),0,2)
override CFLAGS += -std=gnu17 $(WARN) -fno-common -ffunction-sections -pthread
override LDFLAGS += -Wl,--gc-sections -pthread
ifneq ($(SANITIZE),)
override CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
override LDFLAGS += -fsanitize=$(SANITIZE)
endif
ifneq ($(COVERAGE),)
override CFLAGS += --coverage
override LDFLAGS += --coverage
COVERED = $(BUILD)/obj/tests/coverage_signals.o
endif
# Asked only when something is compiled, so that `make deps` works before the libraries are there.
LIB_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(LIBS))
LDLIBS = $(shell $(PKG_CONFIG) --libs $(LIBS))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

# A tool is its folder; the file named like the tool has main().
TOOLS := $(if $(wildcard ip/prt.c),prt) $(if $(wildcard lvsctl/lvsctl.c),lvsctl) \
	$(if $(wildcard trace/pkttrace.c),pkttrace)
DIR_prt := ip
DIR_lvsctl := lvsctl
DIR_pkttrace := trace
objs = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LIB := $(BUILD)/libnetpath.a
PARTS := $(foreach d,ip lvsctl trace,$(BUILD)/lib$(d).a) $(BUILD)/obj/kmod/parse.o
BINS := $(addprefix $(BUILD)/,$(TOOLS))
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

.PHONY: all deps check check-quick check-cross check-kernel-debug coverage demo lab bench fuzz lint style \
	install uninstall \
	install-compat uninstall-compat clean \
	dist deb help unit units kmod
.DELETE_ON_ERROR:
.SECONDARY:

all: $(BINS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(LIB_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(call objs,$(wildcard lib/*.c))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# The tools' folders without their mains, and what of the module compiles here, for the unit tests
# and fuzzers.
define part
$(BUILD)/lib$(1).a: $(call objs,$(filter-out ip/prt.c lvsctl/lvsctl.c trace/pkttrace.c,$(wildcard $(1)/*.c)))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $$(AR) rcs $$@ $$^
endef
$(foreach d,ip lvsctl trace,$(eval $(call part,$(d))))

define tool
$(BUILD)/$(1): $(call objs,$(DIR_$(1))/$(1).c) $(COVERED) $(BUILD)/lib$(DIR_$(1)).a $(LIB)
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach t,$(TOOLS),$(eval $(call tool,$(t))))

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(PARTS) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

units: $(UNITS)

# tests/fuzz/run builds these with clang, in a BUILD of their own.
$(BUILD)/fuzzer/%: $(BUILD)/obj/tests/fuzz/%.o $(PARTS) $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

-include $(patsubst %.c,$(BUILD)/obj/%.d,$(wildcard lib/*.c ip/*.c lvsctl/*.c trace/*.c kmod/parse.c tests/unit/*.c tests/fuzz/*.c))

deps:
	@tests/deps install

# Everything; prints TAP and closes with `N passed, N failed`.
check:
	@tests/deps ensure check
	@+tests/check all

# What needs no VM, no fuzzing and no sanitizer: a minute.
check-quick:
	@+tests/check quick

# Lines that the tests run, by file and function in build/cov/coverage.md: ten minutes.
coverage:
	@tests/deps ensure check
	@+tests/coverage

# The unit tests as a big-endian, a 32-bit machine and another C library (musl) run them.
check-cross:
	@tests/deps ensure cross
	@+tests/cross

# static_nat's suite on a kernel that watches its memory and its locks, in the lab: half an hour, and
# the building of that kernel once.
check-kernel-debug: all
	@tests/deps ensure debug
	@tests/lab/debug/run

lint:
	@tests/lint
style:
	@tests/style

demo:
	@tests/deps ensure build
	@+$(MAKE) --no-print-directory -s -j$$(nproc) all
	@tests/demo

lab: all
	@tests/deps ensure lab
	@tests/lab/shell

bench: all
	@tests/deps ensure bench
	@+tests/bench/run

# Runs every fuzzer for FUZZ_SECONDS (60) with the seeds in tests/fuzz/corpus.
fuzz:
	@tests/deps ensure fuzz
	@+tests/fuzz/run

PUT = tests/install "$(DESTDIR)" "$(SBINDIR)" "$(MANDIR)" "$(BASHCOMPDIR)" "$(ZSHCOMPDIR)" "$(BUILD)"
install: all
	@$(PUT) install $(TOOLS)
install-compat: install
	@$(PUT) install-compat
uninstall:
	@$(PUT) uninstall $(TOOLS)
uninstall-compat:
	@$(PUT) uninstall-compat

dist:
	@mkdir -p $(BUILD)
	$(Q)git archive --prefix=netpath-$(VERSION)/ -o $(BUILD)/netpath-$(VERSION).tar.gz HEAD
	@echo $(BUILD)/netpath-$(VERSION).tar.gz

# Debian packages: netpath, netpath-dkms, netpath-compat, of what is committed.
DEB := $(BUILD)/deb
deb:
	@tests/deps ensure deb
	$(Q)rm -rf $(DEB) && mkdir -p $(DEB)
	$(Q)git archive --prefix=netpath-$(VERSION)/ HEAD | tar -x -C $(DEB)
	$(Q)cd $(DEB)/netpath-$(VERSION) && env -u MAKEFLAGS dpkg-buildpackage -us -uc -b
	@ls $(DEB)/*.deb

# The module, built in a copy, so that the sources stay clean. KDIR: the kernel's build folder.
KDIR ?= /lib/modules/$(shell uname -r)/build
KMOD := $(BUILD)/kmod
kmod:
	@mkdir -p $(KMOD)
	$(Q)cp -u kmod/*.[ch] kmod/Kbuild $(KMOD)/
	$(Q)$(MAKE) -C $(KDIR) M=$(abspath $(KMOD)) W=1 CONFIG_DEBUG_INFO_BTF_MODULES= modules

clean:
	$(Q)rm -rf $(BUILD)

help:
	@echo 'make            the tools, in $(BUILD)/'
	@echo 'make deps       installs what building and testing need (Debian)'
	@echo 'make demo       the story of a lost packet, told by pkttrace'
	@echo 'make check      every test; check-quick: a minute of them'
	@echo 'make check-kernel-debug   static_nat on a kernel that watches memory and locks'
	@echo 'make kmod       static_nat.ko for the kernel of KDIR, in $(BUILD)/kmod/'
	@echo 'make deb        Debian packages, in $(BUILD)/deb/'
	@echo 'make lab        a shell in a VM with a kernel of its own'
	@echo 'make bench      the figures of the README, as ratios'
	@echo 'make install-compat   install, and ipvsadm, ipvsadm-save, ipvsadm-restore as names of lvsctl'
	@echo 'make coverage check-cross   lines that the tests run; the unit tests as s390x, i386 and musl'
	@echo 'make fuzz lint style install uninstall uninstall-compat dist clean'
	@echo 'variables: V=1 CC= CFLAGS= PREFIX= DESTDIR= SANITIZE=address,undefined LAB_KERNEL='
