package io.github.tornadovit.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip, unpacked into a folder with a space in its name and run from another one. */
class DistributionIT {
  private static final String IMAGE = "demo/images/with_mask/9000003.jpg";

  @TempDir private static Path folder;
  private static Path home;

  private record Ran(int exitCode, String out, String err) {}

  @BeforeAll
  static void unpack() throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh, which the launcher needs");
    URI zip = URI.create("jar:" + Path.of(System.getProperty("tornadovit.zip")).toUri());
    Path tools = Files.createDirectory(folder.resolve("my tools"));
    try (FileSystem files =
            FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", true));
        Stream<Path> entries = Files.walk(files.getPath("/"))) {
      for (Path entry : (Iterable<Path>) entries.skip(1)::iterator) {
        // Modes as well: a launcher that cannot be executed is no launcher.
        Files.copy(
            entry,
            tools.resolve(entry.toString().substring(1)),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    try (Stream<Path> unpacked = Files.list(tools)) {
      home = unpacked.toList().getFirst();
    }
  }

  /** A Java without a compiler, as a JRE is. */
  private static Path jre() throws IOException {
    Path java = Path.of(System.getProperty("java.home"));
    Path jre = folder.resolve("my jre");
    if (!Files.exists(jre)) {
      Files.createDirectories(jre.resolve("bin"));
      Files.createSymbolicLink(jre.resolve("bin/java"), java.resolve("bin/java"));
      Files.copy(java.resolve("release"), jre.resolve("release"));
    }
    return jre;
  }

  private static Ran run(Map<String, String> environment, Path launcher, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                "/usr/bin:/bin",
                "HOME",
                folder.resolve("my home").toString(),
                "JAVA_HOME",
                jre().toString()));
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended").isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void classifiesAndKeepsClassesForTheNextTime() throws Exception {
    Path image = folder.resolve("my image.jpg");
    Files.copy(home.resolve(IMAGE), image);
    Ran first = run(Map.of(), home.resolve("tornado-vit"), "classify", "my image.jpg");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).containsPattern("my image\\.jpg +with_mask +0\\.9");
    assertThat(first.err()).contains("preparing for quick starts");
    try (Stream<Path> kept = Files.walk(folder.resolve("my home/.cache/tornado-vit"))) {
      assertThat(kept.filter(Files::isRegularFile))
          .hasSize(1)
          .allSatisfy(archive -> assertThat(Files.size(archive)).isGreaterThan(1 << 20));
    }

    Ran second = run(Map.of(), home.resolve("tornado-vit"), "classify", "my image.jpg");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).doesNotContain("preparing");
  }

  @Test
  void runsThroughALinkAndWithoutAFolderToWriteTo() throws Exception {
    Path link = folder.resolve("a link");
    Files.createSymbolicLink(link, home.resolve("tornado-vit"));
    Path file = Files.createFile(folder.resolve("no folder"));
    Ran ran =
        run(
            Map.of("XDG_CACHE_HOME", file.resolve("cache").toString()),
            link,
            "classify",
            home.resolve(IMAGE).toString());
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.out()).containsPattern("with_mask +0\\.9");
    assertThat(ran.err()).doesNotContain("preparing");
  }

  /** Here no class of TornadoVM can be loaded, as it can where the build tests its modules. */
  @Test
  void expectsTheTimeOfAGpuWithoutTornadoVm() throws Exception {
    for (String precision : List.of("f32", "f16")) {
      Ran ran =
          run(
              Map.of("XDG_CACHE_HOME", "/dev/null/none"),
              home.resolve("tornado-vit"),
              "kernels",
              "--gpu",
              "A100",
              "--precision",
              precision);
      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.out()).contains("A100").containsPattern("(?m)^all +[0-9]");
    }
  }

  @Test
  void theReportNeedsTheSources() throws Exception {
    Ran ran = run(Map.of(), home.resolve("tornado-vit"), "report");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("comes with the sources only").hasLineCount(1);
  }

  private static List<String> jars() throws IOException {
    try (Stream<Path> lib = Files.list(home.resolve("lib"))) {
      return lib.map(jar -> jar.getFileName().toString()).toList();
    }
  }

  @Test
  void shipsWhatRunsAndTheLicencesOfIt() throws Exception {
    assertThat(jars())
        .noneMatch(jar -> jar.contains("emulator") || jar.startsWith("junit"))
        .anyMatch(jar -> jar.startsWith("tornado-vit-cli-"));
    String licences = Files.readString(home.resolve("THIRD-PARTY.txt"));
    assertThat(jars())
        .filteredOn(jar -> !jar.startsWith("tornado-vit-"))
        .isNotEmpty()
        .allSatisfy(
            jar -> assertThat(licences).contains(":" + jar.replaceFirst("-[0-9][^-]*\\.jar$", "")));
  }

  @Test
  void theBillOfMaterialsListsTheJars() throws Exception {
    Path bom = Path.of(System.getProperty("tornadovit.bom"));
    assumeTrue(Files.exists(bom), "Maven is offline, where its plugin makes no bill of materials");
    List<String> declared =
        Pattern.compile("\"purl\" : \"pkg:maven/[^/]+/([^@]+)@([^?]+)\\?type=jar\"")
            .matcher(Files.readString(bom))
            .results()
            .map(match -> match.group(1) + "-" + match.group(2) + ".jar")
            .toList();
    assertThat(declared).containsExactlyInAnyOrderElementsOf(jars());
  }
}
