package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher and the scripts that it calls, run as a copy in a folder of their own, with a JDK
 * that prints its arguments and SDKs that are empty files.
 */
class LauncherTest {
  private static final Path REPOSITORY = Path.of("../..");
  private static final String VERSION = "5.2.0-jdk25";

  @TempDir private Path folder;

  private record Ran(int exitCode, List<String> out, String err) {}

  @BeforeEach
  void requireShell() {
    assumeTrue(
        Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh, which the scripts need");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Path script(Path file, String text) throws IOException {
    write(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs a script with only the given variables in its environment; empty ones are not set. */
  private Ran run(Map<String, String> environment, Path script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", folder.toString()));
    builder.environment().putAll(environment);
    builder.environment().values().removeIf(String::isEmpty);
    int exitCode =
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
    return new Ran(
        exitCode,
        Files.readAllLines(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  private Ran flags(Map<String, String> environment, Path sdk)
      throws IOException, InterruptedException {
    return run(
        environment, REPOSITORY.resolve(".mvn/tornado-flags.sh").toAbsolutePath(), sdk.toString());
  }

  /** An SDK as far as the scripts look at it, with what a release has to say of its flags. */
  private Path sdk(String name, String version, String... backends) throws IOException {
    Path sdk = folder.resolve(name);
    Path jars = sdk.resolve("share/java/tornado");
    write(jars.resolve("tornado-api-" + version + ".jar"), "");
    write(jars.resolve("tornado-runtime-" + version + ".jar"), "");
    StringBuilder modules = new StringBuilder();
    StringBuilder exports = new StringBuilder("--add-reads=a=b  # more\n\n");
    for (String backend : backends) {
      write(jars.resolve("tornado-drivers-" + backend + "-" + version + ".jar"), "");
      if (!backend.endsWith("-jni")) {
        modules.append(",tornado.drivers.").append(backend);
        exports.append("--add-exports a/b=tornado.runtime,tornado.drivers.%s\n".formatted(backend));
        exports.append("--add-reads=tornado.drivers.%s=%s\n".formatted(backend, backend));
      }
    }
    write(
        sdk.resolve("tornado-argfile.template"),
        """
        # === JVM mode and memory settings ===
        -server
        -XX:+EnableJVMCI
        --enable-preview
        -XX:+UseParallelGC
        -Djava.library.path=${TORNADOVM_HOME}/lib
        --module-path .:${TORNADOVM_HOME}/share/java/tornado
        --upgrade-module-path ${TORNADOVM_HOME}/share/java/graalJars
        --add-modules ALL-SYSTEM,tornado.runtime,tornado.drivers.common%s,tornado.cublas
        --enable-native-access=tornado.drivers.opencl
        %s
        """
            .formatted(modules, exports));
    return sdk;
  }

  /** A JDK of that version whose java prints its arguments, one a line. */
  private Path jdk(String name, String version) throws IOException {
    Path jdk = folder.resolve(name);
    write(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    script(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        for a in "$@"; do printf '%s\\n' "$a"; done
        LC_ALL="$LC_ALL" locale charmap > "$0.charmap"
        """);
    return jdk;
  }

  /** The launcher in a folder with a space, built. */
  private Path launcher() throws IOException {
    Path home = folder.resolve("tornado vit");
    for (String name :
        List.of(
            "tornado-vit", ".mvn/environment.sh", ".mvn/find-jdk.sh", ".mvn/tornado-flags.sh")) {
      script(home.resolve(name), Files.readString(REPOSITORY.resolve(name)));
    }
    script(home.resolve("mvnw"), "#!/bin/sh\necho \"mvnw $*\" >&2\n");
    Path target = home.resolve("engine/cli/target");
    Files.createDirectories(target.resolve("lib"));
    write(target.resolve("tornado-vit-cli-0.1.0-SNAPSHOT.jar"), "");
    return home.resolve("tornado-vit");
  }

  @Test
  void flagsAreThoseOfTheSdkAndOurOwn() throws Exception {
    Path sdk = sdk("sdk", VERSION, "opencl", "ptx");
    Ran ran = flags(Map.of(), sdk);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "-XX:+EnableJVMCI",
            "-Djava.library.path=" + sdk + "/lib",
            "--module-path=" + sdk + "/share/java/tornado",
            "--upgrade-module-path=" + sdk + "/share/java/graalJars",
            "--add-modules=tornado.runtime,tornado.drivers.common,"
                + "tornado.drivers.opencl,tornado.drivers.ptx",
            "--enable-native-access=tornado.runtime,tornado.drivers.opencl,tornado.drivers.ptx",
            "-Dtornado.recover.bailout=False",
            "--add-reads=a=b",
            "--add-reads=tornado.drivers.ptx=ptx",
            "--add-exports=a/b=tornado.runtime,tornado.drivers.opencl")
        .doesNotContain("", "--enable-preview", "-XX:+UseParallelGC")
        .doesNotHaveDuplicates();
  }

  @Test
  void flagsComeFromTheSdkHoweverItSaysThem() throws Exception {
    Path sdk = sdk("sdk", VERSION, "opencl");
    List<String> expected = flags(Map.of(), sdk).out();
    String template = Files.readString(sdk.resolve("tornado-argfile.template"));
    Files.delete(sdk.resolve("tornado-argfile.template"));
    assertThat(flags(Map.of(), sdk).err())
        .startsWith("tornado-flags.sh: '" + sdk + "' has no file tornado-argfile, and '" + sdk)
        .contains("which needs Python 3, fails");

    // As `tornado --printJavaFlags` prints: one line, which refers to other files.
    int lists = template.indexOf("--add-reads");
    write(sdk.resolve("etc/exportLists/all"), template.substring(lists));
    script(
        sdk.resolve("bin/tornado"),
        "#!/bin/sh\n[ \"$1\" = --printJavaFlags ] && echo /jdk/bin/java "
            + template
                .substring(0, lists)
                .replaceAll("#.*\n", "")
                .replace('\n', ' ')
                .replace("${TORNADOVM_HOME}", "$TORNADOVM_HOME")
            + " @$TORNADOVM_HOME/etc/exportLists/all\n");
    assertThat(flags(Map.of(), sdk).out()).isEqualTo(expected);

    // An argument file names the place where the SDK was when the file was written.
    write(sdk.resolve("tornado-argfile"), template.replace("${TORNADOVM_HOME}", "/was here/sdk"));
    assertThat(flags(Map.of(), sdk).out()).isEqualTo(expected);
  }

  @Test
  void flagsOfAFileThatIsMissingAreNotLeftOut() throws Exception {
    Path sdk = sdk("sdk", VERSION, "opencl");
    write(sdk.resolve("tornado-argfile"), "-Da=b\n@" + sdk + "/etc/no-exports\n");
    Ran ran = flags(Map.of(), sdk);
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith("tornado-flags.sh: '" + sdk + "/etc/no-exports', which the flags of the SDK");
  }

  @Test
  void flagsLeaveOutBackEndsThatAreNotWanted() throws Exception {
    Path sdk = sdk("sdk", VERSION, "opencl", "opencl-jni", "ptx", "ptx-jni");
    Ran ran = flags(Map.of("TORNADOVM_BACKENDS", "opencl"), sdk);
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    String jars = sdk + "/share/java/tornado/";
    assertThat(ran.out())
        .contains(
            "--module-path="
                + String.join(
                    ":",
                    jars + "tornado-api-5.2.0-jdk25.jar",
                    jars + "tornado-drivers-opencl-5.2.0-jdk25.jar",
                    jars + "tornado-drivers-opencl-jni-5.2.0-jdk25.jar",
                    jars + "tornado-drivers-ptx-jni-5.2.0-jdk25.jar",
                    jars + "tornado-runtime-5.2.0-jdk25.jar"),
            "--add-modules=tornado.runtime,tornado.drivers.common,tornado.drivers.opencl",
            "--enable-native-access=tornado.runtime,tornado.drivers.opencl",
            "--add-exports=a/b=tornado.runtime,tornado.drivers.opencl")
        .noneMatch(flag -> flag.contains("tornado.drivers.ptx"));
    assertThat(flags(Map.of("TORNADOVM_BACKENDS", "opencl,ptx"), sdk).out())
        .isEqualTo(flags(Map.of(), sdk).out());
    assertThat(flags(Map.of("TORNADOVM_BACKENDS", "cuda"), sdk).err())
        .contains("TORNADOVM_BACKENDS is 'cuda', and '" + sdk + "' has only: opencl ptx");
    assertThat(flags(Map.of("TORNADOVM_BACKENDS", "OpenCL"), sdk).err())
        .contains("TORNADOVM_BACKENDS is 'OpenCL', expected names out of opencl, ptx and cuda");
    assertThat(flags(Map.of(), sdk("full", VERSION, "opencl", "metal")).out())
        .noneMatch(flag -> flag.contains("metal"));
  }

  @Test
  void flagsQuoteASpaceAndRefuseWhatCannotBeQuoted() throws Exception {
    Path sdk = sdk("my sdk", VERSION, "opencl");
    assertThat(flags(Map.of(), sdk).out())
        .contains(
            "\"-Djava.library.path=" + sdk + "/lib\"",
            "\"--module-path=" + sdk + "/share/java/tornado\"",
            "\"--upgrade-module-path=" + sdk + "/share/java/graalJars\"");
    Ran refused = flags(Map.of(), sdk("sdk's", VERSION, "opencl"));
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("holds a quote, a backslash or a #; install the SDK");
  }

  @Test
  void flagsRefuseWhatIsNoUsableSdk() throws Exception {
    Map<Path, String> problems =
        Map.of(
            folder.resolve("missing"),
            "missing' is no folder; TORNADOVM_HOME has to name a TornadoVM SDK",
            Files.createDirectory(folder.resolve("empty")),
            "empty' is no TornadoVM SDK (share/java/tornado/tornado-api-VERSION.jar is missing)",
            sdk("old", "5.1.0-jdk25", "opencl"),
            "old' is TornadoVM 5.1.0-jdk25, needed is 5.2 for JDK 25 (5.2.0-jdk25), or a later line",
            sdk("jdk 21", "5.2.0-jdk21", "opencl"),
            "jdk 21' is TornadoVM 5.2.0-jdk21, needed is 5.2 for JDK 25",
            sdk("bare", VERSION),
            "bare' has none of the back ends opencl, ptx and cuda");
    for (Map.Entry<Path, String> problem : problems.entrySet()) {
      Ran ran = flags(Map.of(), problem.getKey());
      assertThat(ran.exitCode()).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).startsWith("tornado-flags.sh: ").contains(problem.getValue());
      assertThat(ran.err().lines()).hasSize(1);
    }
  }

  @Test
  void sdksOfLaterLinesAreTaken() throws Exception {
    Path own = sdk("own compiler", "4.0.2-jdk21-dev", "opencl");
    write(own.resolve("share/java/graalJars/tornado-graal-23.1.0.jar"), "");
    for (Path sdk :
        List.of(
            sdk("5.2", "5.2.1-jdk25-dev", "opencl"),
            sdk("6", "6.0.0-jdk22plus", "cuda"),
            sdk("10", "10.1.0-jdk27", "cuda"),
            own)) {
      Ran ran = flags(Map.of(), sdk);
      assertThat(ran.exitCode()).as(ran.err()).isZero();
    }
  }

  @Test
  void theJdkIsTheFirstOfVersion25() throws Exception {
    Path script = REPOSITORY.resolve(".mvn/find-jdk.sh").toAbsolutePath();
    Path right = jdk("my jdk 25", "25.0.2");
    assertThat(run(Map.of("JAVA_HOME", right.toString()), script).out())
        .containsExactly(right.toString());
    Path managed = jdk(".sdkman/candidates/java/25-tem", "25.0.1");
    assertThat(
            run(
                    Map.of(
                        "JAVA_HOME", jdk("jdk 17", "17.0.2").toString(), "PATH", "/usr/bin:/bin"),
                    script)
                .out())
        .hasSize(1)
        .doesNotContain(folder.resolve("jdk 17").toString());
    assertThat(run(Map.of("PATH", managed.resolve("bin") + ":/usr/bin:/bin"), script).out())
        .containsExactly(managed.toRealPath().toString());
  }

  @Test
  void theLauncherPassesArgumentsOnUntouched() throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", jdk("jdk", "25.0.2").toString());
    Ran ran = run(environment, launcher(), "classify", "--device", "my gpu", "*.jpg", "");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).isEmpty();
    int main = ran.out().indexOf("io.github.tornadovit.cli.Main");
    assertThat(ran.out().subList(main + 1, ran.out().size()))
        .containsExactly("classify", "--device", "my gpu", "*.jpg", "");
    assertThat(ran.out().subList(0, main))
        .contains("-Dtornadovit.terminal=false", "jdk.incubator.vector")
        .contains(
            "-XX:SharedArchiveFile=" + folder + "/tornado vit/engine/cli/target/tornado-vit.jsa")
        .noneMatch(flag -> flag.contains("sdkProblem") || flag.startsWith("@"));
    assertThat(ran.out().get(main - 1))
        .startsWith(folder + "/tornado vit/engine/cli/target/tornado-vit-cli-")
        .endsWith("/tornado vit/engine/cli/target/lib/*");
  }

  @Test
  void theLauncherAddsTheFlagsOfAnSdk() throws Exception {
    Path sdk = sdk("my sdk", VERSION, "opencl");
    String jdk = jdk("jdk", "25.0.2").toString();
    Ran ran =
        run(Map.of("JAVA_HOME", jdk, "TORNADOVM_HOME", sdk.toString()), launcher(), "devices");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).noneMatch(flag -> flag.startsWith("-XX:SharedArchiveFile"));
    assertThat(Files.readAllLines(argumentFile(ran))).isEqualTo(flags(Map.of(), sdk).out());

    Path managed = folder.resolve(".sdkman/candidates/tornadovm/current");
    Files.createDirectories(managed.getParent());
    Files.move(sdk("managed", VERSION, "opencl", "ptx"), managed);
    Ran other = run(Map.of("JAVA_HOME", jdk), launcher(), "devices");
    assertThat(Files.readAllLines(argumentFile(other))).isEqualTo(flags(Map.of(), managed).out());
    assertThat(argumentFile(ran)).as("a start that still reads it").exists();
    assertThat(argumentFile(other)).isNotEqualTo(argumentFile(ran));
  }

  /** The file of flags that a start was given. */
  private Path argumentFile(Ran ran) {
    Path target = folder.resolve("tornado vit/engine/cli/target");
    return ran.out().stream()
        .filter(argument -> argument.startsWith("@" + target.resolve("launcher-")))
        .map(argument -> Path.of(argument.substring(1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theLauncherRunsWithoutAnSdkThatItCannotUse() throws Exception {
    Map<String, String> environment =
        Map.of("JAVA_HOME", jdk("jdk", "25.0.2").toString(), "TORNADOVM_HOME", "/no such folder");
    Path launcher = launcher();
    Ran ran = run(environment, launcher, "devices");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains(
            "-Dtornadovit.sdkProblem='/no such folder' is no folder; TORNADOVM_HOME has to name a"
                + " TornadoVM SDK")
        .anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile"));

    Files.delete(
        folder.resolve("tornado vit/engine/cli/target/tornado-vit-cli-0.1.0-SNAPSHOT.jar"));
    assertThat(run(environment, launcher, "devices").err())
        .startsWith("tornado-vit: building")
        .contains("mvnw -q -B -P!tornado-sdk,!tornado-sdkman -Dmaven.test.skip=true");
  }

  /** The launcher in a distribution, which has libexec beside it. */
  private Path distribution() throws IOException {
    Path home = folder.resolve("tornado vit 1.0");
    script(home.resolve("tornado-vit"), Files.readString(REPOSITORY.resolve("tornado-vit")));
    for (String name : List.of("environment.sh", "find-jdk.sh", "tornado-flags.sh")) {
      script(
          home.resolve("libexec").resolve(name),
          Files.readString(REPOSITORY.resolve(".mvn").resolve(name)));
    }
    write(home.resolve("lib/tornado-vit-cli-1.0.jar"), "");
    return home.resolve("tornado-vit");
  }

  @Test
  void aDistributionRunsOnAJreAndLeavesOutWhatItLacks() throws Exception {
    Path jre = jdk("my jre", "25.0.2");
    Files.delete(jre.resolve("bin/javac"));
    Map<String, String> environment = Map.of("JAVA_HOME", jre.toString());
    Ran ran = run(environment, distribution(), "classify", "my image.jpg");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("jdk.incubator.vector", folder + "/tornado vit 1.0/lib/*", "my image.jpg");

    write(jre.resolve("release"), "JAVA_VERSION=\"25.0.2\"\nMODULES=\"java.base java.desktop\"\n");
    assertThat(run(environment, distribution(), "classify", "my image.jpg").out())
        .doesNotContain("jdk.incubator.vector", "--add-modules")
        .contains("--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void aDistributionAddsTheFlagsOfAnSdkWithoutWritingToItsFolder() throws Exception {
    Path sdk = sdk("my sdk", VERSION, "opencl");
    Path launcher = distribution();
    Ran ran =
        run(
            Map.of("JAVA_HOME", jdk("jdk", "25.0.2").toString(), "TORNADOVM_HOME", sdk.toString()),
            launcher,
            "devices");
    assertThat(ran.err()).isEmpty();
    String arguments =
        ran.out().stream().filter(flag -> flag.startsWith("@")).findFirst().orElseThrow();
    assertThat(arguments).startsWith("@" + folder + "/.cache/tornado-vit/");
    assertThat(Files.readAllLines(Path.of(arguments.substring(1))))
        .isEqualTo(flags(Map.of(), sdk).out());
  }

  @Test
  void javaReadsNamesAsUtf8InEveryLocale() throws Exception {
    Path jdk = jdk("jdk", "25.0.2");
    for (Path launcher : List.of(launcher(), distribution())) {
      for (Map<String, String> locale :
          List.of(
              Map.of("LC_ALL", "C"),
              Map.of("LANG", "POSIX"),
              Map.of("LC_CTYPE", "de_DE.ISO-8859-1"),
              Map.of("LC_ALL", "no_SUCH.UTF-8"),
              Map.<String, String>of())) {
        Map<String, String> environment = new HashMap<>(locale);
        environment.put("JAVA_HOME", jdk.toString());
        Ran ran = run(environment, launcher, "classify", "a.jpg");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(jdk.resolve("bin/java.charmap")).as("" + locale).hasContent("UTF-8");
      }
    }
  }

  @Test
  void withoutALocaleOfUtf8AFolderThatJavaCannotReadIsSaid() throws Exception {
    script(folder.resolve("none/locale"), "#!/bin/sh\necho ANSI_X3.4-1968\n");
    Map<String, String> environment =
        Map.of(
            "LC_ALL",
            "C",
            "PATH",
            folder.resolve("none") + ":/usr/bin:/bin",
            "JAVA_HOME",
            jdk("jdk", "25.0.2").toString());
    Path launcher = launcher();
    assertThat(run(environment, launcher, "devices").exitCode()).isZero();
    Path letters = folder.resolve("çheckout é");
    Files.move(launcher.getParent(), letters);
    Ran ran = run(environment, letters.resolve("tornado-vit"), "devices");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith("tornado-vit: Java cannot read the name " + letters)
        .contains("no locale of UTF-8 is installed");
  }

  @Test
  void runsWithoutAHomeAPathOrAPlaceToKeepThings() throws Exception {
    Map<String, String> environment =
        Map.of(
            "HOME", "",
            "PATH", "",
            "XDG_CACHE_HOME", "/proc/none",
            "JAVA_HOME", jdk("jdk", "25.0.2").toString());
    for (Path launcher : List.of(launcher(), distribution())) {
      Ran ran = run(environment, launcher, "classify", "a.jpg");
      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.err()).isEmpty();
      assertThat(ran.out()).endsWith("classify", "a.jpg");
    }
    assertThat(run(environment, distribution(), "devices").out())
        .noneMatch(flag -> flag.startsWith("-XX:SharedArchiveFile"));
  }
}
