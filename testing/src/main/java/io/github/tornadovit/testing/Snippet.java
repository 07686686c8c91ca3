package io.github.tornadovit.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
public record Snippet(String place, String code) {
  private static final String JAVADOC = "{@snippet :\n";
  private static final Pattern EXPORTS = Pattern.compile("exports (io\\.github\\.[a-z.]+)");
  private static final Pattern IMPORT = Pattern.compile("^import .*;$", Pattern.MULTILINE);

  /** All snippets of the repository, in order of their files. */
  public static List<Snippet> all(Path repository) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (Path file : files(repository)) {
      String name = repository.relativize(file).toString();
      if (name.endsWith(".md")) {
        Markdown.blocks(file).stream()
            .filter(block -> block.language().equals("java"))
            .map(block -> new Snippet(name + ":" + block.line(), block.text()))
            .forEach(snippets::add);
      } else {
        String text = Files.readString(file);
        for (int at = text.indexOf(JAVADOC); at >= 0; at = text.indexOf(JAVADOC, at + 1)) {
          int start = at + JAVADOC.length();
          String code = text.substring(start, closingBrace(text, start));
          String place = name + ":" + (text.substring(0, start).lines().count() + 1);
          snippets.add(new Snippet(place, code.replaceAll("(?m)^ *\\* ?", "")));
        }
      }
    }
    return snippets;
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
  public static List<String> exportedPackages(Path repository) throws IOException {
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
  public boolean imports(String packageName) {
    return code.contains("import " + packageName);
  }

  /** What the documents take for granted, by the names that they use. */
  private static final Map<String, String> AT_HAND =
      Map.of(
          "model",
          "final VisionModel model = VisionModel.load(Path.of(\"vit-base-patch16-224\"));",
          "service",
          "BatchingService<Classification> service;",
          "registry",
          "MeterRegistry registry;",
          "progress",
          "final HubListener progress = HubListener.SILENT;",
          "imageBytes",
          "final byte[] imageBytes = Files.readAllBytes(Path.of(\"cat.jpg\"));",
          "reply",
          "void reply(Prediction answer) {}",
          "dot",
          "static double dot(float[] a, float[] b) { return IntStream.range(0, a.length)"
              + ".mapToDouble(i -> (double) a[i] * b[i]).sum(); }");

  private static final List<String> EVERYDAY =
      List.of(
          "java.io",
          "java.nio.file",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.stream");

  /**
   * The code as the body of a method, with the imports that a reader supplies without thinking: the
   * packages of tornado-vit, and the JDK's everyday ones; its {@code main} runs it.
   *
   * @param className of the class that is written
   * @param packages of tornado-vit
   */
  public String source(String className, List<String> packages) {
    // Optional, and so not always on the class path.
    Stream<String> optional =
        code.contains("registry") ? Stream.of("io.micrometer.core.instrument") : Stream.of();
    String imports =
        Stream.of(packages.stream(), EVERYDAY.stream(), optional)
            .flatMap(names -> names)
            .map(name -> "import " + name + ".*;\n")
            .collect(Collectors.joining());
    String own =
        IMPORT
            .matcher(code)
            .results()
            .map(match -> match.group() + "\n")
            .collect(Collectors.joining());
    String atHand =
        AT_HAND.entrySet().stream()
            .filter(given -> Pattern.compile("\\b" + given.getKey() + "\\b").matcher(code).find())
            .map(given -> "  " + given.getValue() + "\n")
            .sorted()
            .collect(Collectors.joining());
    return """
    %s%sfinal class %s {
    %s
      %3$s() throws Exception {}

      public static void main(String[] arguments) throws Exception {
        new %3$s().snippet();
      }

      void snippet() throws Exception {
    %s
      }
    }
    """
        .formatted(own, imports, className, atHand, IMPORT.matcher(code).replaceAll(""));
  }
}
