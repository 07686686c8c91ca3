package io.github.tornadovit.benchmarks.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.source.util.JavacTask;
import io.github.tornadovit.testing.Snippet;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Every piece of Java in the documentation compiles, as somebody who copies it would compile it.
 */
class SnippetTest {
  private static final Path REPOSITORY = Path.of("..");

  @Test
  void ours() throws Exception {
    List<Snippet> ours =
        Snippet.all(REPOSITORY).stream().filter(snippet -> !isOfPeers(snippet)).toList();
    assertThat(ours)
        .extracting(Snippet::place)
        .anyMatch(place -> place.contains("VisionModel.java:"))
        .anyMatch(place -> place.startsWith("README.md:"))
        .anyMatch(place -> place.startsWith("docs/migration.md:"));
    assertThat(problems(ours)).isEmpty();
  }

  /** What we say that their users write is right for the versions that the benchmarks use. */
  @Test
  void ofPeers() throws Exception {
    List<Snippet> theirs = Snippet.all(REPOSITORY).stream().filter(SnippetTest::isOfPeers).toList();
    assertThat(theirs).hasSizeGreaterThanOrEqualTo(2);
    assumeTrue(
        SnippetTest.class.getResource("/ai/djl/Model.class") != null,
        "DJL and ONNX Runtime are not on the class path; -Ppeers puts them there");
    assertThat(problems(theirs)).isEmpty();
  }

  @Test
  void codeThatDoesNotCompileIsFound() throws Exception {
    String code = "VisionModel model = VisionModel.load(Path.of(\"vit\"));\nmodel.clasify();\n";
    assertThat(problems(List.of(new Snippet("example.md:7", code))))
        .hasSize(1)
        .allSatisfy(problem -> assertThat(problem).startsWith("example.md:7").contains("clasify"));
  }

  private static boolean isOfPeers(Snippet snippet) {
    return snippet.imports("ai.djl") || snippet.imports("ai.onnxruntime");
  }

  /** What the compiler says, each with the place of the snippet and the line that it is about. */
  private static List<String> problems(List<Snippet> snippets) throws Exception {
    List<String> packages = Snippet.exportedPackages(REPOSITORY);
    List<Source> sources = new ArrayList<>();
    for (Snippet snippet : snippets) {
      sources.add(new Source(snippet, "Snippet" + sources.size(), packages));
    }
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options = List.of("-proc:none");
    ((JavacTask) compiler.getTask(null, null, found, options, null, sources)).analyze();
    return found.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .map(SnippetTest::describe)
        .toList();
  }

  private static String describe(Diagnostic<? extends JavaFileObject> problem) {
    Source source = (Source) Objects.requireNonNull(problem.getSource());
    String line = source.text.lines().skip(problem.getLineNumber() - 1).findFirst().orElse("");
    return source.place + ": " + problem.getMessage(Locale.ROOT) + " in: " + line.strip();
  }

  /** A snippet as a source file. */
  private static final class Source extends SimpleJavaFileObject {
    private final String place;
    private final String text;

    private Source(Snippet snippet, String className, List<String> packages) {
      super(URI.create("string:///" + className + ".java"), Kind.SOURCE);
      place = snippet.place();
      text = snippet.source(className, packages);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
