package io.github.tornadovit.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.kernels.tornado.TornadoVm;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * Backends in JVMs that were started otherwise than that of the tests: without TornadoVM on the
 * class path, and with flags that are not what they should be.
 */
class OtherJvmTest {
  private static final String RUNTIME =
      "-Dtornado.load.runtime.implementation=uk.ac.manchester.tornado.runtime.TornadoCoreRuntime";

  private static final Class<?>[] PRODUCT = {
    OverviewMain.class, Backends.class, TensorView.class, NullMarked.class
  };

  private static String where(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (java.net.URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** What {@link OverviewMain} prints on both streams, line by line; it must end well. */
  private static List<String> overview(Stream<Class<?>> classPath, String... flags)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-Dtornadovit.vectorBits=0",
            "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of(flags));
    command.add("-cp");
    command.add(classPath.map(OtherJvmTest::where).collect(Collectors.joining(File.pathSeparator)));
    command.add(OverviewMain.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  private static List<String> withoutTornado(String... flags)
      throws IOException, InterruptedException {
    return overview(Stream.of(PRODUCT), flags);
  }

  @Test
  void withoutTornadoAutoTakesTheCpuAndTheNamedBackendSaysWhatToDo() throws Exception {
    List<String> lines = withoutTornado();
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0)).contains("reference", "unusable=null");
    assertThat(lines.get(1)).contains("cpu", "unusable=null");
    assertThat(lines.get(2)).contains("tornado", "device=null", "set TORNADOVM_HOME");
    assertThat(lines.get(3))
        .startsWith("auto cpu (scalar, ")
        .endsWith("): this JVM was started without TornadoVM");
    assertThat(lines.get(4))
        .isEqualTo("selected cpu (scalar, 1 thread), auto: this JVM was started without TornadoVM");
    assertThat(lines.get(5))
        .startsWith("refused backend 'tornado': this JVM was started without TornadoVM; set")
        .contains("TORNADOVM_HOME", "tornado-vit launcher", ".mvn/tornado-flags.sh");
  }

  @Test
  void whatTheLauncherFoundWrongWithTheSdkIsTheReason() throws Exception {
    List<String> lines = withoutTornado("-Dtornadovit.sdkProblem='/x y' is no folder");
    assertThat(lines.get(3)).endsWith("started without TornadoVM: '/x y' is no folder");
    assertThat(lines.get(5)).contains("'/x y' is no folder; correct that");
  }

  @Test
  void flagsWithoutModulesAreExplained() throws Exception {
    List<String> lines = withoutTornado(RUNTIME, "-Dtornado.recover.bailout=False");
    assertThat(lines).hasSize(6);
    assertThat(lines.get(3)).endsWith("TornadoVM's flags are set and its modules are missing");
    assertThat(lines.get(5)).startsWith("refused").endsWith(".mvn/tornado-flags.sh prints");
  }

  @Test
  void aRuntimeThatHidesFailuresIsListedAndRefused() throws Exception {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(),
        "an SDK is in use, and this needs an API that starts without its flags");
    List<String> lines =
        overview(
            Stream.concat(Stream.of(PRODUCT), Stream.of(TornadoDevice.class)),
            RUNTIME,
            "-Dtornado.recover.bailout=True");
    assertThat(lines).hasSize(8);
    assertThat(lines.get(3)).isEqualTo("0 'emulator-0-0' (gpu, opencl)");
    assertThat(lines.get(4)).isEqualTo("1 'emulator-0-1' (cpu, opencl)");
    assertThat(lines.get(5)).startsWith("auto cpu").contains("bailout is 'True', expected False");
    assertThat(lines.get(7))
        .startsWith("refused backend 'tornado': tornado.recover.bailout is 'True', expected False")
        .endsWith("-Dtornado.recover.bailout=False");
  }

  @Test
  void aGpuIsWhatAutoTakes() throws Exception {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(), "an SDK is in use, whose devices are what they are");
    List<String> lines =
        overview(
            Stream.concat(Stream.of(PRODUCT), Stream.of(TornadoDevice.class)),
            RUNTIME,
            "-Dtornado.recover.bailout=False");
    assertThat(lines.get(2)).contains("device=emulator-0-0", "unusable=null");
    assertThat(lines.get(5))
        .isEqualTo("auto tornado (emulator-0-0, TornadoVM emulator): TornadoVM offers a GPU");
    assertThat(lines.get(6))
        .isEqualTo(
            "selected tornado (emulator-0-0, TornadoVM emulator), auto: TornadoVM offers a GPU");
    assertThat(lines.get(7)).isEqualTo("opened tornado (emulator-0-0, TornadoVM emulator)");
  }
}
