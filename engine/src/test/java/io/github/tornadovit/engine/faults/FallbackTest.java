package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.engine.Golden;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A GPU that fails when a model is loaded: {@code auto} takes the CPU, and the reason is the fault.
 */
class FallbackTest {
  @ParameterizedTest
  @CsvSource({
    "allocate 3, memory is full",
    "compile 5, Unable to compile",
    "launch 2, CL_OUT_OF_RESOURCES",
    "copy_in 2, CL_OUT_OF_RESOURCES",
    "lost 1, CL_DEVICE_NOT_AVAILABLE",
    "lost 40, CL_DEVICE_NOT_AVAILABLE"
  })
  void autoTakesTheCpuAndSaysWhy(String fault, String reason) throws Exception {
    assumeTrue(
        "emulator".equals(System.getProperty("tornado.load.runtime.implementation")),
        "an SDK is in use, whose devices do not fail when they are told to");
    OtherJvm ran =
        OtherJvm.run(
            FallbackMain.class,
            List.of(
                "-Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime",
                "-Dtornado.recover.bailout=False",
                "-Dtornadovit.emulator.fault=" + fault),
            List.of(Golden.path("models/vit").toString()));
    assertThat(ran.exitCode()).as(ran.toString()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).as(ran.toString()).hasSize(2);
    assertThat(lines.getFirst())
        .startsWith("cpu (")
        .contains("): auto: backend 'tornado': ")
        .contains(reason);
    System.out.printf("auto, %s: 1 fault%n", fault);
  }
}
