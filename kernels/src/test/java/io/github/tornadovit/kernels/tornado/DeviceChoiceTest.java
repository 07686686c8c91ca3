package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.DeviceDescription;
import io.github.tornadovit.kernels.backend.DeviceKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which device is taken, out of lists as TornadoVM might give them. */
class DeviceChoiceTest {
  private static final List<DeviceDescription> WORKSTATION =
      List.of(
          device(0, "AMD EPYC", DeviceKind.CPU, "opencl"),
          device(1, "NVIDIA GeForce RTX 4090", DeviceKind.GPU, "opencl"),
          device(2, "Intel Arc A770", DeviceKind.GPU, "opencl"),
          device(3, "NVIDIA GeForce RTX 4090", DeviceKind.GPU, "cuda"),
          device(4, "NVIDIA GeForce RTX 4090", DeviceKind.GPU, "ptx"),
          device(5, "NVIDIA T400", DeviceKind.GPU, "ptx"),
          device(6, "Alveo U50", DeviceKind.ACCELERATOR, "opencl"),
          device(7, "Stratix 10", DeviceKind.FPGA, "opencl"));

  private static DeviceDescription device(
      int index, String name, DeviceKind kind, String tornadoBackend) {
    return new DeviceDescription(
        index, name, kind, tornadoBackend, "driver", 8, 1L << 30, 1L << 28, 256, 1 << 15, null);
  }

  @Test
  void theBestIsByKindThenBackEndThenPlaceInTheList() {
    List<DeviceDescription> devices = new ArrayList<>(WORKSTATION);
    Collections.shuffle(devices, new Random(1));
    List<Integer> order = new ArrayList<>();
    while (!devices.isEmpty()) {
      DeviceDescription best = DeviceChoice.best(devices);
      order.add(best.index());
      devices.remove(best);
    }
    assertThat(order).containsExactly(4, 5, 3, 1, 2, 6, 0, 7);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "3, 3",
    "07, 7",
    "arc, 2",
    "INTEL, 2",
    "' epyc ', 0",
    "CPU, 0",
    "accel, 6",
    "t400, 5",
    "rtx, 4",
    "Stratix, 7",
    "fpga, 7"
  })
  void aNumberIsAnIndexAndAnythingElseAPartOfNameOrKind(String asked, int index) {
    assertThat(DeviceChoice.named(WORKSTATION, asked).index()).isEqualTo(index);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "4090", "99999999999999999999"})
  void anIndexThatIsNotThereListsThoseThatAre(String asked) {
    assertThatThrownBy(() -> DeviceChoice.named(WORKSTATION, asked))
        .isInstanceOf(BackendException.class)
        .hasMessageStartingWith(
            "backend 'tornado': there is no device %s, only 0 'AMD EPYC' (cpu, opencl), 1"
                .formatted(asked))
        .hasMessageEndingWith("7 'Stratix 10' (fpga, opencl)");
  }

  @Test
  void anUnknownNameListsEveryDevice() {
    assertThatThrownBy(() -> DeviceChoice.named(WORKSTATION.subList(0, 2), "Radeon"))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend 'tornado': no device has 'Radeon' in its name or kind, there is 0 'AMD EPYC'"
                + " (cpu, opencl), 1 'NVIDIA GeForce RTX 4090' (gpu, opencl)");
  }

  @Test
  void anAmbiguousNameListsTheDevicesThatItFits() {
    assertThatThrownBy(() -> DeviceChoice.named(WORKSTATION, "nvidia"))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend 'tornado': device 'nvidia' may be 1 'NVIDIA GeForce RTX 4090' (gpu, opencl), 3"
                + " 'NVIDIA GeForce RTX 4090' (gpu, cuda), 4 'NVIDIA GeForce RTX 4090' (gpu, ptx), 5"
                + " 'NVIDIA T400' (gpu, ptx); name it by its number");
  }
}
