#!/bin/sh
# tornado-flags.sh SDK_DIR: prints the JVM flags that the TornadoVM SDK in that folder needs, one a line, as the content
# of a file for `java @FILE`. Application classes stay on the class path.
#
# TornadoVM starts every back end on its module path, or, if one of them has no driver, none. TORNADOVM_BACKENDS, for
# example "opencl" or "opencl,ptx", leaves the others out; not set, all of the SDK are in.
set -eu

version=5.2.0-jdk25

fail() {
  echo "tornado-flags.sh: $1" >&2
  exit 1
}

[ $# -eq 1 ] || fail "usage: tornado-flags.sh SDK_DIR (the folder that TORNADOVM_HOME names)"
[ -d "$1" ] || fail "'$1' is no folder; TORNADOVM_HOME has to name a TornadoVM SDK"
sdk=$(cd "$1" && pwd)
jars="$sdk/share/java/tornado"
exports="$sdk/etc/exportLists"

[ -d "$jars" ] && [ -f "$exports/common-exports" ] ||
  fail "'$sdk' is no TornadoVM SDK (share/java/tornado or etc/exportLists/common-exports is missing)"
if [ ! -f "$jars/tornado-api-$version.jar" ]; then
  found=$(sed -n 's/^version=//p' "$sdk/etc/tornado.release" 2>/dev/null || :)
  fail "'$sdk' is TornadoVM ${found:-of an unknown version}, needed is $version"
fi

# In an argument file a space ends an option unless it is quoted.
quote=
case $sdk in
  *'"'* | *"'"* | *\\* | *'#'*) fail "the path '$sdk' holds a quote, a backslash or a #; install the SDK elsewhere" ;;
  *' '*) quote='"' ;;
esac

wanted="${TORNADOVM_BACKENDS-}"
case ",${wanted:-opencl}," in
  *[!a-z,]*) fail "TORNADOVM_BACKENDS is '$wanted', expected names out of opencl, ptx and cuda with commas between" ;;
esac

backends=
left_out=
for backend in opencl ptx cuda; do
  if [ -f "$jars/tornado-drivers-$backend-$version.jar" ] && [ -f "$exports/$backend-exports" ]; then
    case ",${wanted:-$backend}," in
      *,"$backend",*) backends="$backends $backend" ;;
      *) left_out="$left_out $backend" ;;
    esac
  fi
done
[ -n "$backends$left_out" ] || fail "'$sdk' has none of the back ends opencl, ptx and cuda"
[ -n "$backends" ] || fail "TORNADOVM_BACKENDS is '$wanted', and '$sdk' has only:$left_out"

# A jar in a folder of the module path is found and started: to leave one out, every other is named.
path=$jars
if [ -n "$left_out" ]; then
  path=
  for jar in "$jars"/*.jar; do
    name=${jar##*/tornado-drivers-}
    case " $left_out " in
      *" ${name%-"$version".jar} "*) ;;
      *) path="$path${path:+:}$jar" ;;
    esac
  done
fi

modules=tornado.runtime,tornado.annotation,tornado.drivers.common
native=
for backend in $backends; do
  modules="$modules,tornado.drivers.$backend"
  native="$native${native:+,}tornado.drivers.$backend"
done

cat <<EOF
-XX:+UnlockExperimentalVMOptions
-XX:+EnableJVMCI
$quote-Djava.library.path=$sdk/lib$quote
-Dtornado.load.api.implementation=uk.ac.manchester.tornado.runtime.tasks.TornadoTaskGraph
-Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime
-Dtornado.load.tornado.implementation=uk.ac.manchester.tornado.runtime.common.Tornado
-Dtornado.load.annotation.implementation=uk.ac.manchester.tornado.annotation.ASMClassVisitor
$quote--module-path=$path$quote
$quote--upgrade-module-path=$sdk/share/java/graalJars$quote
--add-modules=$modules
--enable-native-access=$native
-Dtornado.recover.bailout=False
-Dtornado.tvm.maxbytecodesize=65536
-Dtornado.max.events=64
-Dtornado.opencl.compiler.flags=-w
EOF
for list in common $backends; do
  sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$exports/$list-exports"
done
