package io.github.tornadovit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every seed, and every input that broke a reader once, keeps the contract; without Jazzer. */
class ReplayTest {
  private static final Corpus CORPUS = new Corpus(Path.of(""));

  @ParameterizedTest
  @EnumSource
  @Timeout(120) // A reader that hangs should fail here and not the whole build.
  void seedsAndFoundCasesKeepTheContract(Target target) throws IOException {
    List<Path> inputs = CORPUS.inputs(target);
    assertThat(inputs).isNotEmpty();
    Target.Checked checked = target.open();
    for (Path input : inputs) {
      byte[] bytes = Files.readAllBytes(input);
      assertThatCode(() -> checked.check(bytes)).as(input.toString()).doesNotThrowAnyException();
    }
  }

  /** Else the fuzzer would start from nothing but refusals. */
  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void aSeedIsAccepted(Target target) throws IOException {
    FuzzTarget reader = target.reader();
    assertThat(CORPUS.inputs(target))
        .as("inputs of %s that its reader accepts", target.id())
        .anyMatch(input -> accepts(reader, input));
  }

  private static boolean accepts(FuzzTarget reader, Path input) {
    try {
      reader.read(Files.readAllBytes(input));
      return true;
    } catch (Exception refused) {
      return false;
    }
  }
}
