package io.github.tornadovit.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.testing.Markdown;
import io.github.tornadovit.testing.Markdown.Block;
import io.github.tornadovit.testing.Snippet;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command and every piece of Java in README and docs, run as they stand, from top to bottom,
 * on demo models under the names of the text. A block that begins with a comment {@code needs …} is
 * not run, and Python only where {@code -Dtornadovit.python} names one that has the modules; each
 * is listed as skipped. That all Java compiles is for {@code SnippetTest}.
 */
class DocumentationIT {
  private static final Path REPOSITORY = Path.of("..");
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
  private static final Pattern NEEDS = Pattern.compile("^(?:#|//) (needs .*)\n");
  private static final Pattern SERVING = Pattern.compile("serving \\S+ on http://[^:]+:(\\d+)");
  private static final Pattern IMPORT =
      Pattern.compile("^(?:import|from) (\\w+)", Pattern.MULTILINE);

  /** Lines of an output that are the same on every machine. */
  private static final Pattern SAME_EVERYWHERE =
      Pattern.compile("(weights/demo/|tornado-vit: |exit code ).*");

  /** What no machine has to have beside the JDK. */
  private static final List<String> TOOLS = List.of("unzip", "curl", "openssl", "base64");

  private static final String CURL = "curl() { command curl -sS --fail-with-body \"$@\"; }\n";
  private static final int MINUTES = 3;

  @TempDir private static Path temporary;
  private static Path folder;
  private static @Nullable Server server;

  /** The one that the document at hand has started last. */
  private record Server(Process shell, int port) {
    /** The launcher becomes Java, below the shell of the block. */
    ProcessHandle java() {
      return shell.descendants().findFirst().orElseThrow();
    }

    void stop() throws InterruptedException {
      java().destroy();
      shell.waitFor();
    }
  }

  @BeforeAll
  static void fill() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no /bin/sh");
    folder = Files.createDirectory(temporary.resolve("a reader's folder"));
    ReadersFolder.fill(REPOSITORY, folder);
  }

  @AfterAll
  static void clear() throws IOException, InterruptedException {
    stop();
    if (folder != null && Files.isDirectory(folder)) {
      ReadersFolder.unlink(folder);
    }
  }

  private static void stop() throws InterruptedException {
    if (server != null) {
      server.stop();
    }
  }

  @TestFactory
  List<DynamicTest> blocks() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(REPOSITORY.resolve("README.md")));
    try (Stream<Path> docs = Files.list(REPOSITORY.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents) {
      List<Block> blocks = Markdown.blocks(document);
      for (int i = 0; i < blocks.size(); i++) {
        Block block = blocks.get(i);
        boolean hasOutput = i + 1 < blocks.size() && blocks.get(i + 1).language().isEmpty();
        String output = hasOutput ? blocks.get(i + 1).text() : "";
        if (!List.of("", "xml").contains(block.language())) {
          String place = "%s:%d".formatted(REPOSITORY.relativize(document), block.line());
          tests.add(DynamicTest.dynamicTest(place, () -> run(place, block, output)));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(30);
    return tests;
  }

  private static void run(String place, Block block, String output) throws Exception {
    Matcher needs = NEEDS.matcher(block.text());
    assumeTrue(!needs.lookingAt(), () -> place + " " + needs.group(1));
    switch (block.language()) {
      case "sh" -> shell(place, block.text(), output);
      case "java" -> java(place, block.text());
      case "python" -> python(place, block.text(), output);
      default -> throw new AssertionError("no way to run " + block.language());
    }
  }

  private static void shell(String place, String text, String output) throws Exception {
    assumeTrue(!text.startsWith("./mvnw verify\n"), place + " is what runs this");
    for (String tool : TOOLS) {
      assumeTrue(!text.contains(tool + " ") || isOnPath(tool), place + " needs " + tool);
    }
    Path script = Files.writeString(folder.resolve("block.sh"), CURL + here(text));
    List<String> command = List.of("/bin/sh", "-e", script.toString());
    if (text.contains("/tornado-vit serve")) {
      serve(command);
    } else {
      expect(place, output, command);
    }
  }

  private static boolean isOnPath(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
  }

  private static void java(String place, String text) throws Exception {
    Snippet snippet = new Snippet(place, text);
    assumeTrue(
        !snippet.imports("ai."), place + " needs another engine, with which -Ppeers compiles it");
    Path source =
        Files.writeString(
            folder.resolve("Block.java"),
            snippet.source("Block", Snippet.exportedPackages(REPOSITORY)));
    expect(
        place,
        "",
        List.of(
            JAVA.resolve("java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            source.toString()));
  }

  private static void python(String place, String text, String output) throws Exception {
    String python = System.getProperty("tornadovit.python", "");
    assumeTrue(!python.isEmpty(), place + " needs -Dtornadovit.python=PATH");
    for (String module : IMPORT.matcher(text).results().map(found -> found.group(1)).toList()) {
      assumeTrue(
          new ProcessBuilder(python, "-c", "import " + module).start().waitFor() == 0,
          place + " needs Python's module " + module);
    }
    expect(place, output, List.of("env", "-u", "HF_HUB_OFFLINE", python, "-c", here(text)));
  }

  /** A server's port is any that is free, its process this one, and a measurement takes less. */
  private static String here(String text) {
    String fitted =
        text.replace("/tornado-vit serve", "/tornado-vit serve --port 0")
            .replace("--seconds 30", "--seconds 2");
    return server == null
        ? fitted
        : fitted
            .replace("localhost:8080", "localhost:" + server.port)
            .replace("jcmd PID", "jcmd " + server.java().pid());
  }

  private static void serve(List<String> command) throws Exception {
    stop();
    Path log = folder.resolve("serve.log");
    Process shell = start(command, log);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (!SERVING.matcher(Files.readString(log)).find()) {
      assertThat(shell.isAlive() && System.nanoTime() < end).as(() -> read(log)).isTrue();
      Thread.sleep(50);
    }
    Matcher serving = SERVING.matcher(Files.readString(log));
    assertThat(serving.find()).isTrue();
    server = new Server(shell, Integer.parseInt(serving.group(1)));
  }

  private static Process start(List<String> command, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.remove("TORNADOVM_HOME");
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("HF_HOME", ReadersFolder.hub(folder).toString());
    environment.put("HF_HUB_OFFLINE", "1");
    // Each command runs for a moment, and code that is compiled well does not pay.
    environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
    environment.merge("PATH", JAVA.toString(), (path, java) -> java + File.pathSeparator + path);
    return builder.start();
  }

  /** Runs to the end; of what the document prints, lines that are the same everywhere appear. */
  private static void expect(String place, String output, List<String> command) throws Exception {
    Path log = folder.resolve("log");
    Process process = start(command, log);
    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as(place + " hangs").isTrue();
    String printed = read(log);
    assertThat(process.exitValue()).as(place + ": " + printed).isZero();
    assertThat(printed.lines().map(DocumentationIT::squeezed).toList())
        .as(place)
        .containsAll(
            output
                .lines()
                .filter(line -> SAME_EVERYWHERE.matcher(line).matches())
                .map(DocumentationIT::squeezed)
                .toList());
  }

  private static String squeezed(String line) {
    return line.replaceAll(" +", " ").strip();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
