package io.github.tornadovit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ExecutorTest {
  private static final String BACKEND =
      "org.apache.spark.executor.CoarseGrainedExecutorBackend --driver-url spark://x --cores 12"
          + " --app-id app-1";

  @Test
  void coresAreThoseThatTheExecutorWasStartedWith() {
    SparkConf conf = new SparkConf(false).set("spark.executor.cores", "3");
    assertThat(Executor.cores(BACKEND, conf)).isEqualTo(12);
    assertThat(Executor.cores("Main", conf)).isEqualTo(3);
    assertThat(Executor.cores("Main", new SparkConf(false))).isZero();
    assertThat(Executor.cores("Main", conf.set("spark.master", "local[2]"))).isEqualTo(2);
    assertThat(Executor.cores("Main", conf.set("spark.master", "local[4, 3]"))).isEqualTo(4);
    assertThat(Executor.cores("Main", new SparkConf(false).set("spark.master", "local[*]")))
        .isZero();
  }

  @Test
  void anAddressOfSparkIsTheNumberOfAGpu() {
    List<DeviceDescription> devices =
        List.of(
            device(0, DeviceKind.CPU, "opencl"),
            device(1, DeviceKind.GPU, "opencl"),
            device(2, DeviceKind.GPU, "opencl"),
            device(3, DeviceKind.GPU, "ptx"));
    assertThat(Executor.device("0", devices)).isEqualTo("1");
    assertThat(Executor.device("1", devices)).isEqualTo("2");
    assertThat(Executor.device("GPU-name", devices)).isEqualTo("GPU-name");
    assertThatThrownBy(() -> Executor.device("2", devices))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the GPU 2");
    assertThatThrownBy(() -> Executor.device("0", List.of()))
        .hasMessageContaining("no device")
        .hasMessageContaining("TornadoVM");
  }

  private static DeviceDescription device(int index, DeviceKind kind, String backend) {
    return new DeviceDescription(
        index, "device " + index, kind, backend, "driver", 1, 1, 1, 1, 1, null);
  }

  @Test
  void aJvmWithoutTheFlagsSaysWhichSettingGivesThem() {
    SparkConf conf = new SparkConf(false);
    assertThatCode(() -> JvmFlags.require(conf, true, true)).doesNotThrowAnyException();
    assertThatThrownBy(() -> JvmFlags.require(conf, false, true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "--conf 'spark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector'");
    assertThatThrownBy(() -> JvmFlags.require(conf, true, false))
        .hasMessageContaining("--enable-native-access=ALL-UNNAMED");
    assertThatCode(
            () ->
                JvmFlags.require(
                    new SparkConf(false).set("spark.tornadovit.checkFlags", "false"), false, false))
        .doesNotThrowAnyException();
  }
}
