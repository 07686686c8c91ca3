package io.github.tornadovit.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.cli.Main;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.testing.OtherJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What native code prints to standard output about a device that fails is no data of a command, and
 * is a failure.
 */
class NativeOutputTest {
  private static final Path IMAGE = Path.of("../../weights/demo/images/with_mask/9000003.jpg");

  /** A free that fails is said, too, and is no failure of the plan that runs next. */
  @ParameterizedTest
  @CsvSource({
    "launch 30, 1, LAUNCH",
    "copy_in 5, 1, COPY_IN",
    "copy_out 30, 1, COPY_OUT",
    "lost 108, 1, 'JNI] ERROR'",
    "free 1, 0, FREE",
    "free 3, 0, FREE"
  })
  void standardOutputIsJsonWhateverNativeCodePrints(String fault, int exitCode, String said)
      throws Exception {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(),
        "an SDK is in use, whose devices do not fail when they are told to");
    List<String> arguments =
        new ArrayList<>(List.of("classify", "--backend", "tornado", "--format", "json"));
    arguments.addAll(List.of("--batch", "1", "--model", Golden.path("models/vit").toString()));
    arguments.addAll(List.of(IMAGE.toString(), IMAGE.toString()));
    OtherJvm ran =
        OtherJvm.run(
            Main.class,
            List.of(
                "-Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime",
                "-Dtornado.recover.bailout=False",
                "-Dtornadovit.emulator.fault=" + fault),
            arguments);
    assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(exitCode);
    JsonNode rows = JsonMapper.shared().readTree(ran.out().isEmpty() ? "[]" : ran.out());
    assertThat(rows.isArray()).as(ran.toString()).isTrue();
    assertThat(ran.err()).contains(said);
    System.out.printf("command, %s: 1 fault%n", fault);
  }
}
