package io.github.tornadovit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The progress line at a time that the test tells: nothing, or what is right, at every moment. */
class ProgressTest {
  private static final long MB = 1_000_000;
  private static final Pattern CONTROLS = Pattern.compile("\u001b\\[K");

  private static final Pattern TIME_LEFT = Pattern.compile(" (\\d+):(\\d\\d) left$");

  private final StringWriter screen = new StringWriter();
  private long nanos;

  private Progress bytes(long total) {
    return new Progress(
        new PrintWriter(screen), true, "drawn/faces ", " MB", MB, total * MB, () -> nanos);
  }

  private void pass(long millis) {
    nanos += Duration.ofMillis(millis).toNanos();
  }

  private List<String> lines() {
    return CONTROLS
        .matcher(screen.toString())
        .replaceAll("")
        .lines()
        .flatMap(line -> Pattern.compile("\r").splitAsStream(line))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static long secondsLeft(String line) {
    Matcher time = TIME_LEFT.matcher(line);
    assertThat(time.find()).as(line).isTrue();
    return Long.parseLong(time.group(1)) * 60 + Long.parseLong(time.group(2));
  }

  @Test
  void timeLeftIsRightFromTheFirstTimeThatItIsShown() {
    Progress progress = bytes(1000);
    pass(700); // Until the first byte: the connection, not its speed.
    for (int mb = 1; mb <= 1000; mb++) {
      progress.update(mb * MB, mb * MB);
      pass(100);
    }
    List<String> shown = lines().stream().filter(line -> line.contains("left")).toList();
    assertThat(shown).hasSizeGreaterThan(900);
    assertThat(shown.getFirst())
        .matches("drawn/faces \\[#*\\.+] 1\\d/1000 MB  10\\.0 MB/s  1:39 left");
    for (int i = 0; i < shown.size(); i++) {
      assertThat(secondsLeft(shown.get(i))).isBetween((989 - i) / 10L, (989 - i) / 10L + 1);
    }
    assertThat(lines().stream().filter(line -> !line.contains("left")).toList())
        .allMatch(line -> line.endsWith(" MB"));
  }

  @Test
  void whatWasThereBeforeIsNoSpeed() {
    Progress progress = bytes(1000);
    for (int mb = 0; mb <= 30; mb++) {
      progress.update((900 + mb) * MB, mb * MB);
      pass(100);
    }
    assertThat(lines()).last().asString().contains("930/1000 MB  10.0 MB/s  0:07 left");
  }

  @Test
  void theRateIsThatOfTheLastSeconds() {
    Progress progress = bytes(1000);
    long done = 0;
    for (int i = 0; i < 300; i++) {
      done += i < 100 ? 2 * MB : MB / 2;
      progress.update(done, done);
      pass(100);
    }
    assertThat(lines()).last().asString().contains("  5.0 MB/s  2:20 left");
  }

  @Test
  void aFileThatStartsAgainShowsNoNonsense() {
    Progress progress = bytes(100);
    for (int mb = 1; mb <= 50; mb++) {
      progress.update(mb * MB, mb * MB);
      pass(100);
    }
    progress.update(0, 50 * MB);
    pass(100);
    progress.update(MB, 51 * MB);
    assertThat(lines()).last().asString().contains("1/100 MB  9.8 MB/s  0:10 left");
  }

  @Test
  void hoursAreHours() {
    Progress progress = bytes(100_000);
    for (int mb = 1; mb <= 30; mb++) {
      progress.update(mb * MB, mb * MB);
      pass(100);
    }
    assertThat(lines()).last().asString().contains("10.0 MB/s  2:46:37 left");
  }

  @Test
  void workOfLessThanASecondAndOtherPlacesThanTerminalsAreSilent() {
    Progress quick = bytes(9);
    for (int mb = 1; mb < 10; mb++) {
      quick.update(mb * MB, mb * MB);
      pass(100);
    }
    quick.clear();
    Progress elsewhere = new Progress(new PrintWriter(screen), false, "", "", 1, 9, () -> nanos);
    pass(5000);
    elsewhere.advance(5);
    assertThat(screen.toString()).isEmpty();
  }

  @Test
  void imagesAreCountedAsTheyAreDone() {
    Progress progress = new Progress(new PrintWriter(screen), true, "", "", 1, 100, () -> nanos);
    pass(3000); // Kernels are compiled.
    for (int batch = 0; batch < 10; batch++) {
      progress.advance(8);
      pass(500);
    }
    assertThat(lines().getFirst()).endsWith("8/100");
    assertThat(lines()).last().asString().endsWith("80/100  16.0/s  0:01 left");
    progress.clear();
    assertThat(screen.toString()).endsWith("\r\u001b[K");
  }
}
