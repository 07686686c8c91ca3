package io.github.tornadovit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir private Path folder;

  private static History.Entry entry(String commit) {
    return new History.Entry(
        "2026-11-22", commit, "m", List.of(new History.Rate("vit", "cpu", Mode.FORWARD, 8, 1.5)));
  }

  @Test
  void everyRunIsALineWithItsCommit() throws Exception {
    Path file = folder.resolve("history.jsonl");
    assertThat(History.read(file)).isEmpty();
    History.append(file, entry("one"));
    History.append(file, entry("two\nlines"));
    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(History.read(file)).containsExactly(entry("one"), entry("two\nlines"));
  }

  /** Wherever a write stops, the lines before it stay and the next one is whole. */
  @Test
  void anInterruptedWriteLosesItsOwnLineOnly() throws Exception {
    Path whole = folder.resolve("whole.jsonl");
    History.append(whole, entry("one"));
    long first = Files.size(whole);
    History.append(whole, entry("two"));
    byte[] bytes = Files.readAllBytes(whole);
    for (int end = (int) first; end < bytes.length; end++) {
      Path file = folder.resolve("torn.jsonl");
      Files.write(file, Arrays.copyOf(bytes, end));
      History.append(file, entry("three"));
      List<History.Entry> entries = History.read(file);
      assertThat(entries.getFirst()).isEqualTo(entry("one"));
      assertThat(entries.getLast()).isEqualTo(entry("three"));
      assertThat(Files.readString(file))
          .startsWith(new String(bytes, 0, end, StandardCharsets.UTF_8));
    }
  }
}
