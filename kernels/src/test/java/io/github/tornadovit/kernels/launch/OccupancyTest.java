package io.github.tornadovit.kernels.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tornadovit.kernels.backend.Multiprocessors;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Cycles of launches that can be counted by hand. */
class OccupancyTest {
  /** Ten multiprocessors of 128 lanes. */
  private static final Multiprocessors GPU = gpu(128);

  /** Of a wave, whatever it does. */
  private static final double START = 1500;

  private static Multiprocessors gpu(int lanes) {
    return new Multiprocessors(8.0, 10, lanes, 512, 1, 400, 1024, 64);
  }

  private static Launch launch(int groups, int size, int registers, int localBytes) {
    Effort effort = new Effort(registers, 100, 500, 400, 0, 200, 0);
    return new Launch("a kernel", groups, 1, 1, size, localBytes, effort);
  }

  private static double cycles(Launch launch, Multiprocessors gpu) {
    return Occupancy.of(launch, gpu).cycles();
  }

  @Test
  void aWarpByItselfWaits() {
    Occupancy one = Occupancy.of(launch(10, 64, 32, 0), GPU);
    assertThat(one.cycles()).isEqualTo(100 * (500 * 1.1 + 200) + START, Offset.offset(1e-6));
    assertThat(one.waiting()).isTrue();
    assertThat(cycles(launch(3, 64, 32, 0), GPU)).isEqualTo(one.cycles()); // seven have nothing
  }

  @Test
  void aFullMultiprocessorIssues() {
    Occupancy full = Occupancy.of(launch(80, 128, 64, 0), GPU); // 8 groups of 4 warps each
    assertThat(full.residentGroups()).isEqualTo(8);
    assertThat(full.cycles()).isEqualTo(100 * 8 * 500 * 1.03 + START, Offset.offset(1e-6));
    assertThat(full.waiting()).isFalse();
  }

  @Test
  void moreThanAWaveTakesAnother() {
    double wave = cycles(launch(80, 128, 64, 0), GPU);
    double alone = cycles(launch(10, 128, 64, 0), GPU);
    assertThat(cycles(launch(81, 128, 64, 0), GPU)).isEqualTo(wave + alone, Offset.offset(1e-6));
  }

  @Test
  void whatRunsAtATimeIsLimited() {
    assertThat(Occupancy.of(launch(1, 64, 32, 0), GPU).residentGroups()).isEqualTo(16); // threads
    assertThat(Occupancy.of(launch(1, 64, 146, 0), GPU).residentGroups()).isEqualTo(6); // registers
    assertThat(Occupancy.of(launch(1, 64, 32, 30_000), GPU).residentGroups()).isEqualTo(2);
    assertThat(Occupancy.of(launch(1, 64, 32, 70_000), GPU).residentGroups()).isEqualTo(1);
  }

  /** 32 warps, 8 of each scheduler, or with 128 registers for a thread 16. */
  @Test
  void registersAndInstructionsAreThoseOfTheTarget() {
    Effort effort =
        new Effort(new PerTarget(64, 64, 128), 100, new PerTarget(300, 400, 500), 0, 0, 200, 0);
    Launch launch = new Launch("a kernel", 80, 1, 1, 128, 0, effort);
    assertThat(cycles(launch, GPU)).isEqualTo(100 * 8 * 300 * 1.03 + START, Offset.offset(1e-6));
    assertThat(cycles(launch, capability(7.5))).isEqualTo(cycles(launch, GPU));
    assertThat(cycles(launch, capability(8.9)))
        .isEqualTo(100 * 8 * 400 * 1.03 + START, Offset.offset(1e-6));
    assertThat(cycles(launch, capability(10)))
        .isEqualTo(2 * (100 * 4 * 500 * 1.03 + START), Offset.offset(1e-6));
  }

  private static Multiprocessors capability(double capability) {
    return new Multiprocessors(capability, 10, 128, 512, 1, 400, 1024, 64);
  }

  @Test
  void halfTheLanesTakeTwiceTheMultiplyAdds() {
    double issued = 100 * 8 * 1.03; // the instructions of one
    assertThat(cycles(launch(80, 128, 64, 0), gpu(64)))
        .isEqualTo(issued * 2 * 400 + START, Offset.offset(1e-6));
  }

  @Test
  void fragmentsOfMatricesTakeTheirUnits() {
    Effort effort = new Effort(64, 100, 50, 0, 16, 200, 0);
    Launch launch = new Launch("a kernel", 80, 1, 1, 128, 0, effort);
    // 16 times 2,048 multiply-adds on a quarter of 512 a cycle.
    assertThat(cycles(launch, GPU)).isEqualTo(100 * 8 * 1.03 * 256 + START, Offset.offset(1e-6));
  }
}
