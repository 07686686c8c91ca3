package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.backend.Unusable;
import io.github.tornadovit.kernels.pooling.SelectTokens;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The TornadoVM of this JVM and its devices: the emulator's two, or an SDK's. */
class TornadoVmTest {
  private static final Buffer X = new Buffer("x", 2, 2);
  private static final Buffer TOKEN = new Buffer("token", 1, 2);
  private static final Program SECOND_TOKEN =
      new Program.Builder(X).then(new SelectTokens(X, 1, TOKEN)).output(TOKEN).build();

  private static TornadoVm emulated() {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(), "an SDK is in use, and this is about the emulator");
    return TornadoVm.ofThisJvm();
  }

  @Test
  void everyDeviceIsListedAtItsIndex() {
    List<DeviceDescription> devices = TornadoVm.ofThisJvm().devices();
    assertThat(devices).isNotEmpty();
    for (int i = 0; i < devices.size(); i++) {
      DeviceDescription device = devices.get(i);
      assertThat(device.index()).isEqualTo(i);
      assertThat(device.name()).isNotBlank().isEqualTo(device.name().strip());
      assertThat(device.tornadoBackend()).isIn("opencl", "ptx", "cuda");
      assertThat(device.computeUnits()).isPositive();
      assertThat(device.memoryBytes()).isGreaterThan(1 << 20);
      assertThat(device.maxAllocationBytes()).isBetween(1L << 20, device.memoryBytes());
      assertThat(device.maxWorkGroupSize()).isBetween(1, 1 << 16);
      assertThat(device.localMemoryBytes()).isBetween(1L << 10, 1L << 30);
    }
  }

  @Test
  void theEmulatorListsAGpuAndACpuAndIsNoDevice() {
    TornadoVm tornado = emulated();
    assertThat(tornado.devices())
        .extracting(DeviceDescription::kind)
        .containsExactly(DeviceKind.GPU, DeviceKind.CPU);
    assertThat(tornado.best().index()).isZero();
    Unusable unusable = Objects.requireNonNull(tornado.unusable());
    assertThat(unusable.problem()).contains("checks kernels and is no device");
    assertThat(tornado.devices()).allMatch(device -> unusable.equals(device.unusable()));
  }

  @Test
  void aBackendTakesTheDeviceThatIsNamed() {
    emulated();
    try (TornadoBackend best = new TornadoBackend();
        TornadoBackend second = new TornadoBackend("1");
        TornadoBackend cpu = new TornadoBackend("cpu")) {
      assertThat(best.device().name()).startsWith("emulator-0-0, ");
      assertThat(second.device().name()).startsWith("emulator-0-1, ");
      assertThat(cpu.device()).isEqualTo(second.device());
    }
    assertThatThrownBy(() -> new TornadoBackend("2"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("no device 2, only 0 'emulator-0-0' (gpu, opencl), 1");
    assertThatThrownBy(() -> new TornadoBackend("emulator"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("name it by its number");
  }

  @Test
  void anInterruptedThreadStartsItAllTheSame() {
    emulated();
    Thread.currentThread().interrupt();
    TornadoStart start = TornadoStart.attempt(TornadoVm.ofThisJvm().thread());
    assertThat(Thread.interrupted()).isTrue();
    assertThat(start.targets()).hasSize(2);
  }

  @Test
  void everyDeviceExecutesAndOutlivesAnotherBackendsEnd() {
    for (DeviceDescription device : TornadoVm.ofThisJvm().devices()) {
      try (TornadoBackend backend = new TornadoBackend(Integer.toString(device.index()))) {
        new TornadoBackend().close();
        try (Plan plan = backend.plan(SECOND_TOKEN, 2)) {
          float[] tokens = plan.run(new float[] {9, 9, 1, 2, 9, 9, 3, 4}, 2).of(TOKEN);
          assertThat(tokens).as(device.toString()).containsExactly(1, 2, 3, 4);
        }
      }
    }
  }

  @Test
  void aRuntimeThatWouldHideFailuresIsRefused() {
    assertThat(TornadoProperties.wrongFallback("False")).isNull();
    assertThat(TornadoProperties.wrongFallback("false")).isNull();
    for (String value : new String[] {"True", "", "no"}) {
      assertThat(String.valueOf(TornadoProperties.wrongFallback(value)))
          .startsWith("tornado.recover.bailout is '" + value + "', expected False")
          .endsWith("start java with -Dtornado.recover.bailout=False");
    }
    assertThat(String.valueOf(TornadoProperties.wrongFallback(null)))
        .startsWith("tornado.recover.bailout is not set, expected False");
  }
}
