#!/bin/sh
# tornado-flags.sh SDK_DIR: prints the JVM flags that the TornadoVM SDK in that folder needs, one a line, as the content
# of a file for `java @FILE`. Application classes stay on the class path.
#
# The flags are those that the SDK itself names: its file tornado-argfile, else the template of it, else what
# `tornado --printJavaFlags` prints. Of them are left out what the program decides for itself (garbage collector,
# preview, modules that it does not use), and added what its kernels need.
#
# TornadoVM starts every back end on its module path, or, if one of them has no driver, none. TORNADOVM_BACKENDS, for
# example "opencl" or "opencl,cuda", leaves the others out; not set, all that there are kernels for are in.
set -eu

known='opencl ptx cuda'

fail() {
  echo "tornado-flags.sh: $1" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: tornado-flags.sh SDK_DIR (the folder that TORNADOVM_HOME names)"
[ -d "$1" ] || fail "'$1' is no folder; TORNADOVM_HOME has to name a TornadoVM SDK"
sdk=$(cd "$1" && pwd)
jars="$sdk/share/java/tornado"

version=
for jar in "$jars"/tornado-api-[0-9]*.jar; do
  [ ! -f "$jar" ] || { version=${jar##*/tornado-api-} && version=${version%.jar}; }
done
[ -n "$version" ] || fail "'$sdk' is no TornadoVM SDK (share/java/tornado/tornado-api-VERSION.jar is missing)"

# 5.2 borrows the compiler of one JDK; later lines bring their own, as the module tornado.graal, for JDK 22 and later.
major=${version%%[!0-9]*}
minor=${version#*.}
minor=${minor%%.*}
usable=false
case $version in
  *jdk25*) [ "$major" -lt 5 ] || [ "$major.$minor" = 5.0 ] || [ "$major.$minor" = 5.1 ] || usable=true ;;
esac
[ "$major" -lt 6 ] || usable=true
for jar in "$sdk"/share/java/graalJars/tornado-graal-*.jar; do
  [ ! -f "$jar" ] || usable=true
done
$usable || fail "'$sdk' is TornadoVM $version, needed is 5.2 for JDK 25 (5.2.0-jdk25), or a later line (jdk22plus)"

# In an argument file a space ends an option unless it is quoted.
case $sdk in
  *'"'* | *"'"* | *\\* | *'#'*) fail "the path '$sdk' holds a quote, a backslash or a #; install the SDK elsewhere" ;;
esac

wanted="${TORNADOVM_BACKENDS-}"
case ",${wanted:-opencl}," in
  *[!a-z,]*) fail "TORNADOVM_BACKENDS is '$wanted', expected names out of opencl, ptx and cuda with commas between" ;;
esac

backends=
left_out=
there=
for jar in "$jars"/tornado-drivers-*-"$version".jar; do
  name=${jar##*/tornado-drivers-}
  name=${name%-"$version".jar}
  case $name in *-jni | common) continue ;; esac
  [ -f "$jar" ] || continue
  case " $known " in
    *" $name "*)
      there="$there $name"
      case ",${wanted:-$name}," in
        *,"$name",*) backends="$backends $name" ;;
        *) left_out="$left_out $name" ;;
      esac
      ;;
    *) left_out="$left_out $name" ;;
  esac
done
[ -n "$there" ] || fail "'$sdk' has none of the back ends opencl, ptx and cuda"
[ -n "$backends" ] || fail "TORNADOVM_BACKENDS is '$wanted', and '$sdk' has only:$there"

# A jar in a folder of the module path is found and started: to leave one out, every other is named.
path=
if [ -n "$left_out" ]; then
  for jar in "$jars"/*.jar; do
    name=${jar##*/tornado-drivers-}
    case " $left_out " in
      *" ${name%-"$version".jar} "*) ;;
      *) path="$path${path:+:}\${TORNADOVM_HOME}/share/java/tornado/${jar##*/}" ;;
    esac
  done
fi

home=$sdk
if [ -f "$sdk/tornado-argfile" ]; then
  said=$(cat "$sdk/tornado-argfile")
  home=$(printf '%s\n' "$said" | sed -n 's|^-Djava\.library\.path=\(.*\)/lib$|\1|p') # Where the SDK was then.
elif [ -f "$sdk/tornado-argfile.template" ]; then
  said=$(cat "$sdk/tornado-argfile.template")
else
  said=$(TORNADOVM_HOME="$sdk" "$sdk/bin/tornado" --printJavaFlags 2>/dev/null) ||
    fail "'$sdk' has no file tornado-argfile, and '$sdk/bin/tornado --printJavaFlags', which needs Python 3, fails"
fi

printf '%s\n' "$said" | awk -v sdk="$sdk" -v home="$home" -v path="$path" -v backends="$backends" '
  BEGIN {
    marker = "${TORNADOVM_HOME}"
    native = "tornado.runtime"
    count = split(backends, names, " ")
    for (i = 1; i <= count; i++) {
      drivers[names[i]]
      native = native ",tornado.drivers." names[i]
    }
    count = split("module-path upgrade-module-path add-modules add-exports add-opens add-reads patch-module" \
      " enable-native-access", names, " ")
    for (i = 1; i <= count; i++) valued["--" names[i]]
  }
  function swap(text, from, to, at, done) {
    while (from != "" && (at = index(text, from))) {
      done = done substr(text, 1, at - 1) to
      text = substr(text, at + length(from))
    }
    return done text
  }
  function emit(flag, whole) {
    whole = swap(flag, marker, sdk)
    print index(whole, " ") ? "\"" whole "\"" : whole
  }
  # The current folder, modules of back ends that are left out, of library tasks, and all of the JDK.
  function unwanted(name) {
    if (name == "." || name == "ALL-SYSTEM" || name ~ /^tornado\.cu/) return 1
    return name ~ /^tornado\.drivers\./ && name != "tornado.drivers.common" && !(substr(name, 17) in drivers)
  }
  function wanted(list, separator, from, i, n, kept) {
    n = split(list, from, separator)
    for (i = 1; i <= n; i++) if (from[i] != "" && !unwanted(from[i])) kept = kept (kept == "" ? "" : separator) from[i]
    return kept
  }
  function option(name, value, at, module, list) {
    if (name == "--enable-native-access") return
    if (name ~ /module-path$/) {
      value = wanted(value, ":")
      if (path != "") value = swap(value ":", "/share/java/tornado:", "@:")
      if (path != "") { value = swap(value, marker "@", path); sub(/:$/, "", value) }
    } else if (name == "--add-modules") {
      value = wanted(value, ",")
    } else if (name ~ /^--add-/) { # MODULE/PACKAGE=MODULES or MODULE=MODULES
      at = index(value, "=")
      module = substr(value, 1, at - 1)
      sub(/\/.*/, "", module)
      list = wanted(substr(value, at + 1), ",")
      if (unwanted(module) || list == "") return
      value = substr(value, 1, at) list
    }
    emit(name "=" value)
  }
  function flags(line, words, n, i, at, file, more, got) {
    sub(/#.*/, "", line)
    n = split(swap(line, home, marker), words, " ")
    for (i = 1; i <= n; i++) {
      at = index(words[i], "=")
      if (words[i] ~ /^@/) {
        file = swap(substr(words[i], 2), marker, sdk)
        while ((got = (getline more < file)) > 0) flags(more)
        if (got < 0) {
          print "tornado-flags.sh: \047" file "\047, which the flags of the SDK name, cannot be read" > "/dev/stderr"
          bad = 1
          exit 1
        }
        close(file)
      } else if (words[i] in valued) {
        option(words[i], words[i + 1])
        i++
      } else if (at && substr(words[i], 1, at - 1) in valued) {
        option(substr(words[i], 1, at - 1), substr(words[i], at + 1))
      } else if (words[i] ~ /^-/ && words[i] !~ /^(-server|--enable-preview|-XX:\+Use.*GC|-Dstdout\.encoding=.*)$/) {
        emit(words[i])
      }
    }
  }
  { flags($0) }
  END {
    if (bad) exit 1
    print "--enable-native-access=" native
  }
'
# The fall-back to sequential Java hides failures; graphs and waits as large and as many as the kernels need; arithmetic as
# written; warnings of the compiler that later lines bring, and assertions of theirs that fail or take minutes, are not ours.
cat <<'END'
-Dtornado.recover.bailout=False
-Dtornado.tvm.maxbytecodesize=65536
-Dtornado.max.events=64
-Dtornado.opencl.compiler.flags=-w
--sun-misc-unsafe-memory-access=allow
-da:tornado.graal...
-da:uk.ac.manchester.tornado...
END
