#!/bin/sh
# tornado-flags.sh SDK_DIR: prints the JVM flags that the TornadoVM SDK in that folder needs, one a line, as the content
# of a file for `java @FILE`. Application classes stay on the class path. Not printed, because they depend on the run:
# -Dtornado.device.memory=<n>GB (TornadoVM's own cap is 4GB) and flags for printing and profiling.
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

backends=
for backend in opencl ptx cuda; do
  if [ -f "$jars/tornado-drivers-$backend-$version.jar" ] && [ -f "$exports/$backend-exports" ]; then
    backends="$backends $backend"
  fi
done
[ -n "$backends" ] || fail "'$sdk' has none of the back ends opencl, ptx and cuda"

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
$quote--module-path=$jars$quote
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
