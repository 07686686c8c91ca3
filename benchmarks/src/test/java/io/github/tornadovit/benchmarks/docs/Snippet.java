package io.github.tornadovit.benchmarks.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Java code in documentation: a block of Markdown fenced as {@code java}, or an inline snippet of a
 * javadoc comment (JEP 413).
 *
 * @param place file and line
 * @param code as a reader sees it
 */
record Snippet(String place, String code) {
  private static final Pattern FENCED =
      Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final String JAVADOC = "{@snippet :\n";
  private static final Pattern EXPORTS = Pattern.compile("exports (io\\.github\\.[a-z.]+)");
  private static final Pattern IMPORT = Pattern.compile("^import .*;$", Pattern.MULTILINE);

  /** All snippets of the repository, in order of their files. */
  static List<Snippet> all(Path repository) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (Path file : files(repository)) {
      String name = repository.relativize(file).toString();
      String text = Files.readString(file);
      if (name.endsWith(".md")) {
        FENCED
            .matcher(text)
            .results()
            .map(block -> new Snippet(place(name, text, block.start(1)), block.group(1)))
            .forEach(snippets::add);
      } else {
        for (int at = text.indexOf(JAVADOC); at >= 0; at = text.indexOf(JAVADOC, at + 1)) {
          int start = at + JAVADOC.length();
          String code = text.substring(start, closingBrace(text, start));
          snippets.add(new Snippet(place(name, text, start), code.replaceAll("(?m)^ *\\* ?", "")));
        }
      }
    }
    return snippets;
  }

  private static String place(String name, String text, int index) {
    return name + ":" + (text.substring(0, index).lines().count() + 1);
  }

  /** Where an inline snippet ends: its own braces are balanced (JEP 413). */
  private static int closingBrace(String text, int start) {
    int open = 1;
    int at = start;
    while (true) {
      char c = text.charAt(at);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return at;
      }
      at++;
    }
  }

  private static List<Path> files(Path repository) throws IOException {
    try (Stream<Path> files = Files.walk(repository)) {
      return files
          .filter(
              file -> {
                String name = repository.relativize(file).toString();
                return (name.endsWith(".md") && !name.contains("target/"))
                    || (name.endsWith(".java") && name.contains("src/main/java/"));
              })
          .sorted()
          .toList();
    }
  }

  /** The packages that the modules of the repository export. */
  static List<String> exportedPackages(Path repository) throws IOException {
    try (Stream<Path> modules =
        Stream.of("base", "weights", "weights/hub", "kernels", "engine").map(repository::resolve)) {
      return modules
          .map(module -> module.resolve("src/main/java/module-info.java"))
          .map(Snippet::read)
          .flatMap(text -> EXPORTS.matcher(text).results().map(match -> match.group(1)))
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Whether the code uses a package. */
  boolean imports(String packageName) {
    return code.contains("import " + packageName);
  }

  /** What the documents take for granted, by the names that they use. */
  private static final String AT_HAND =
      """
        VisionModel model;
        BatchingService<Classification> service;
        MeterRegistry registry;
        HubListener progress;
        byte[] imageBytes;

        void reply(Prediction answer) {}

        static double dot(float[] a, float[] b) {
          return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
        }
      """;

  private static final List<String> EVERYDAY =
      List.of(
          "java.io",
          "java.nio.file",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.stream",
          "io.micrometer.core.instrument");

  /**
   * The code as the body of a method, with the imports that a reader supplies without thinking: the
   * packages of tornado-vit, and the JDK's everyday ones.
   */
  String source(String className, List<String> packages) {
    String imports =
        Stream.concat(packages.stream(), EVERYDAY.stream())
            .map(name -> "import " + name + ".*;\n")
            .collect(Collectors.joining());
    String own =
        IMPORT
            .matcher(code)
            .results()
            .map(match -> match.group() + "\n")
            .collect(Collectors.joining());
    return own
        + imports
        + "final class "
        + className
        + " {\n"
        + AT_HAND
        + "  void snippet() throws Exception {\n"
        + IMPORT.matcher(code).replaceAll("")
        + "\n  }\n}\n";
  }
}
