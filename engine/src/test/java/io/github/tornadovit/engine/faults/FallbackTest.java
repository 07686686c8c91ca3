package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.kernels.tornado.TornadoVm;
import io.github.tornadovit.testing.Golden;
import io.github.tornadovit.testing.OtherJvm;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A GPU that fails when a model is loaded: {@code auto} takes the CPU, and the reason is the fault.
 */
class FallbackTest {
  @ParameterizedTest
  @CsvSource({
    "allocate 3, was not allocated there",
    "compile 5, Unable to compile",
    "launch 22, did not run",
    "copy_in 2, not brought there",
    "lost 1, failed",
    "lost 40, failed"
  })
  void autoTakesTheCpuAndSaysWhy(String fault, String reason) throws Exception {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(),
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
    List<String> lines = ran.out().lines().filter(line -> !line.contains("JNI] ERROR")).toList();
    assertThat(lines).as(ran.toString()).hasSize(2);
    assertThat(lines.getFirst())
        .startsWith("cpu (")
        .contains("): auto: backend 'tornado': ")
        .contains(reason);
    System.out.printf("auto, %s: 1 fault%n", fault);
  }

  /** The picture whose run failed is answered all the same, and so are those after it. */
  @ParameterizedTest
  @CsvSource({"launch 9", "copy_in 1", "copy_out 1", "lost 3"})
  void autoGoesOnOnTheCpuWhenTheDeviceFailsLater(String fault) throws Exception {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(),
        "an SDK is in use, whose devices do not fail when they are told to");
    OtherJvm ran =
        OtherJvm.run(
            FallbackMain.class,
            List.of(
                "-Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime",
                "-Dtornado.recover.bailout=False"),
            List.of(Golden.path("models/vit").toString(), fault));
    assertThat(ran.exitCode()).as(ran.toString()).isZero();
    List<String> lines = ran.out().lines().filter(line -> !line.contains("JNI] ERROR")).toList();
    assertThat(lines).as(ran.toString()).hasSize(4);
    assertThat(lines.get(0)).startsWith("tornado (");
    assertThat(lines.get(2)).isEqualTo(lines.get(1));
    assertThat(lines.get(3)).startsWith("cpu (").contains("): auto: backend 'tornado': ");
  }
}
