#!/bin/sh
# find-jdk.sh [java|javac]: prints the home of a JDK 25 or, asked for java, of a JRE 25 too; or says on standard error why
# there is none and exits with 1.
# Looked at, in order: JAVA_HOME, the java on the PATH, and the places where systems and tools put JDKs.
set -u

HOME="${HOME-}"
tool="${1:-javac}"
needed='a JDK 25'
[ "$tool" != java ] || needed='Java 25 (a JDK or a JRE)'

is_java_25() {
  [ -x "$1/bin/$tool" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

on_path=$(command -v java || :)
[ -z "$on_path" ] || on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")

for home in "${JAVA_HOME-}" "$on_path" \
  "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.jenv/versions/* "$HOME"/.asdf/installs/java/* \
  "$HOME"/.local/share/mise/installs/java/* \
  /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/*jdk* \
  /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
  /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
  if [ -n "$home" ] && is_java_25 "$home"; then
    printf '%s\n' "$home"
    exit 0
  fi
done

echo "tornado-vit needs $needed and found none (JAVA_HOME=${JAVA_HOME-not set}, java on the PATH: ${on_path:-none})." >&2
echo "Install one (for example: sdk install java 25-tem, or your system's openjdk-25-jdk) or set JAVA_HOME to it." >&2
exit 1
