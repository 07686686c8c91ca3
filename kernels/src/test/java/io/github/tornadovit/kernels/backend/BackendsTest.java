package io.github.tornadovit.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.kernels.tornado.TornadoVm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which backend is chosen in this JVM, and what is said of it. */
class BackendsTest {
  private static boolean emulated() {
    return TornadoVm.ofThisJvm().isEmulated();
  }

  @Test
  void autoNeverTakesTheEmulatorUnlessADeviceIsNamed() {
    assumeTrue(emulated(), "an SDK is in use, and this is about the emulator");
    BackendSelection automatic = Backends.select(BackendChoice.AUTO, 1, null);
    try (Backend backend = automatic.backend()) {
      assertThat(backend).isInstanceOf(CpuBackend.class);
      assertThat(automatic.reason())
          .isEqualTo("auto: TornadoVM's emulator checks kernels and is no device");
    }
    BackendSelection named = Backends.select(BackendChoice.AUTO, 1, "1");
    try (Backend backend = named.backend()) {
      assertThat(backend.device().toString()).startsWith("tornado (emulator-0-1");
      assertThat(named.reason()).isEqualTo("device asked for by name");
    }
    assertThatThrownBy(() -> Backends.select(BackendChoice.AUTO, 1, "Radeon"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("'Radeon'");
  }

  @Test
  void withAnSdkAutoTakesTheBestDeviceIfItIsAGpu() {
    assumeFalse(emulated(), "no TornadoVM SDK: TORNADOVM_HOME is not set");
    BackendOverview overview = Backends.overview();
    assertThat(overview.devices()).isNotEmpty();
    boolean gpu = overview.devices().stream().anyMatch(device -> device.kind() == DeviceKind.GPU);
    BackendSelection automatic = Backends.select(BackendChoice.AUTO, 1, null);
    try (Backend backend = automatic.backend()) {
      assertThat(backend.device().backend()).isEqualTo(gpu ? "tornado" : "cpu");
      assertThat(automatic.reason()).contains(gpu ? "offers a GPU" : "offers no GPU");
      assertThat(overview.automatic().backend()).isEqualTo(backend.device().backend());
    }
  }

  @Test
  void theOverviewListsEveryBackendAndWhatAutoTakes() {
    BackendOverview overview = Backends.overview();
    assertThat(overview.backends())
        .extracting(BackendStatus::backend)
        .containsExactly("reference", "cpu", "tornado");
    for (BackendStatus status : overview.backends()) {
      assertThat(status.device() == null).isEqualTo(status.unusable() != null);
    }
    assertThat(overview.status(BackendChoice.CPU).backend()).isEqualTo("cpu");
    assertThatThrownBy(() -> overview.status(BackendChoice.AUTO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("auto is no backend of its own");
    assertThat(overview.devices())
        .containsAll(overview.usableDevices())
        .allMatch(
            device -> (device.unusable() == null) == overview.usableDevices().contains(device));
    assertThat(overview.automaticReason()).isNotBlank();
  }

  @ParameterizedTest
  @EnumSource(names = {"CPU", "REFERENCE"})
  void aBackendOnTheHostHasNoDeviceToName(BackendChoice choice) {
    assertThatThrownBy(() -> Backends.select(choice, 1, "0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "device is '0' and backend is %s, which runs on the host; use backend tornado or auto"
                .formatted(choice));
    BackendSelection selection = Backends.select(choice, 1, null);
    try (Backend backend = selection.backend()) {
      assertThat(backend.device().backend()).isEqualTo(choice.toString());
      assertThat(selection.reason()).isEqualTo("asked for by name");
    }
  }
}
