package io.github.tornadovit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The public API is the one in {@code engine/api.txt}. A change that breaks users cannot come in
 * unseen: it shows in that file, in the same commit. {@code -Dtornadovit.api=write} writes it.
 */
class PublicApiTest {
  private static final Path BASELINE = Path.of("api.txt");

  @Test
  void isTheOneOfTheBaseline() throws Exception {
    List<String> lines = PublicApi.lines();
    if ("write".equals(System.getProperty("tornadovit.api"))) {
      Files.write(BASELINE, lines);
    }
    List<String> baseline = Files.readAllLines(BASELINE);
    Set<String> removed = qualified(baseline);
    removed.removeAll(qualified(lines));
    Set<String> added = qualified(lines);
    added.removeAll(qualified(baseline));
    assertThat(removed)
        .as(
            "incompatible: gone or changed since the baseline engine/api.txt. Keep it, or decide to"
                + " break users: say so in the commit and run with -Dtornadovit.api=write")
        .isEmpty();
    assertThat(added)
        .as(
            "new since the baseline engine/api.txt: once released it has to stay. If it is meant to"
                + " be public, run with -Dtornadovit.api=write and commit the file")
        .isEmpty();
    assertThat(lines).isEqualTo(baseline);
  }

  /** Members with the type that they belong to: an inherited name may occur in several. */
  private static Set<String> qualified(List<String> lines) {
    Set<String> qualified = new LinkedHashSet<>();
    String type = "";
    for (String line : lines) {
      if (!line.startsWith(" ")) {
        type = line;
      }
      qualified.add(line.equals(type) ? line : type + " {" + line + " }");
    }
    return qualified;
  }
}
