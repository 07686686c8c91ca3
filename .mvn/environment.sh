# environment.sh: what every launcher, mvnw among them, needs of the machine. Read, not run: `. "$scripts/environment.sh"`, with $scripts the
# folder of this file and $tool the program that Java has to have, java or javac.
#
# Exports JAVA_HOME, a Java 25; HOME, where the system knows one and the environment does not; LC_ALL, a locale of UTF-8.
# Sets flags, those of the TornadoVM SDK, one a line, or problem, what is wrong with the SDK; both empty without an SDK.
# shellcheck shell=sh disable=SC2034,SC2154 # the launchers use what is set here, and set what is used

# Services have no HOME, and users that are only a number have none at all: then it is empty, and nothing is kept there.
if [ -z "${HOME-}" ]; then
  HOME=$(user=$(id -un 2>/dev/null) && eval "echo ~$user" 2>/dev/null) || HOME=
  case $HOME in /*) ;; *) HOME= ;; esac
  export HOME
fi

# Java takes the encoding of names of files, of arguments and of its class path from the locale alone, before any program
# of ours runs. So it runs in one of UTF-8, the same everywhere; C.UTF-8 is part of every C library of today.
utf8_locale() {
  command -v locale > /dev/null || { echo C.UTF-8 && return; }
  for name in C.UTF-8 en_US.UTF-8 $(locale -a 2>/dev/null | grep -i 'utf-\{0,1\}8' || :); do
    if [ "$(LC_ALL=$name locale charmap 2>/dev/null)" = UTF-8 ]; then
      echo "$name"
      return
    fi
  done
}
utf8=$(utf8_locale)
# Where there is none the program says what it cannot read; but in a folder whose name Java cannot read it does not start.
if [ -n "$utf8" ]; then
  export LC_ALL="$utf8"
elif printf %s "$scripts" | LC_ALL=C grep -q '[^ -~]'; then
  echo "tornado-vit: Java cannot read the name $scripts: no locale of UTF-8 is installed ('locale -a'); install one, or move the folder" >&2
  exit 1
fi

JAVA_HOME=$("$scripts/find-jdk.sh" "$tool") || exit 1
export JAVA_HOME

# TornadoVM: the SDK that TORNADOVM_HOME names, or SDKMAN's. One that cannot be used is no reason to stop: the CPU needs
# none, and the program says what is wrong with it.
sdk="${TORNADOVM_HOME-}"
[ -n "$sdk" ] || [ ! -d "$HOME/.sdkman/candidates/tornadovm/current" ] || sdk="$HOME/.sdkman/candidates/tornadovm/current"
flags=
problem=
if [ -n "$sdk" ]; then
  flags=$("$scripts/tornado-flags.sh" "$sdk" 2>&1) || { problem=${flags#tornado-flags.sh: } && flags=; }
fi
