package io.github.tornadovit.engine.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.Plan;
import io.github.tornadovit.kernels.linear.Linear;
import io.github.tornadovit.kernels.program.Buffer;
import io.github.tornadovit.kernels.program.Program;
import io.github.tornadovit.kernels.program.Weight;
import io.github.tornadovit.kernels.tornado.TornadoBackend;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each operation of a device fails in turn, or the device is lost there for good: a typed error in
 * one line, no memory counted as taken, and after a fault that passes the device computes again.
 * Needs a device that fails where it is told to, which the emulator is.
 */
class DeviceFaultsTest {
  private static final String FAULT = "tornadovit.emulator.fault";
  private static final int MOST = 1_000;

  private static final Buffer X = new Buffer("x", 1, 2);
  private static final Buffer Y = new Buffer("y", 1, 1);
  private static final Buffer Z = new Buffer("z", 1, 1);
  private static final Program SUM =
      new Program.Builder(X)
          .then(Linear.of(X, Weight.of("w", 1, 2, new float[] {1, 1}), null, Y))
          .then(Linear.of(Y, Weight.of("v", 1, 1, new float[] {2}), null, Z))
          .output(Z)
          .build();

  /** A plan, batches of all its sizes, the largest last, and a plan beside it. */
  private static void compute(TornadoBackend device) {
    try (Plan plan = device.plan(SUM, 2);
        Plan other = device.plan(SUM, 1)) {
      for (int batch : List.of(1, 2, 1)) {
        plan.run(new float[] {1, 2, 3, 4}, batch);
        assertThat(plan.output(Z)).startsWith(6).hasSize(batch);
      }
      other.run(new float[] {5, 6}, 1);
      assertThat(other.output(Z)).containsExactly(22);
    }
  }

  @BeforeEach
  void theDeviceIsWell() {
    assumeTrue(
        "emulator".equals(System.getProperty("tornado.load.runtime.implementation")),
        "a real device does not fail when it is told to");
    System.clearProperty(FAULT);
    try (TornadoBackend device = new TornadoBackend()) {
      compute(device); // Its kernels are known to be right from now on.
    }
  }

  @AfterEach
  void repair() {
    System.clearProperty(FAULT);
  }

  private static void assertTyped(Throwable failure, String fault) {
    assertThat(failure).as(fault).isInstanceOf(BackendException.class);
    assertThat(failure.getMessage())
        .as(fault)
        .startsWith("backend 'tornado': ")
        .doesNotContain("\n", "\u001b", "Stacktrace");
  }

  @ParameterizedTest
  @ValueSource(strings = {"allocate", "copy_in", "compile", "launch", "copy_out", "free"})
  void oneFaultIsOneErrorAndTheDeviceGoesOn(String operation) {
    int faults = 0;
    for (int at = 1; at < MOST; at++) {
      String fault = operation + " " + at;
      try (TornadoBackend device = new TornadoBackend()) {
        System.setProperty(FAULT, fault);
        Throwable failure = catchThrowable(() -> compute(device));
        if (System.getProperty(FAULT) != null) {
          assertThat(failure).as("without a fault").isNull();
          break;
        }
        faults++;
        assertTyped(failure, fault);
        assertThat(failure.getMessage())
            .contains(operation.equals("allocate") ? "the device's memory is full" : " ");
        assertThat(device.takenBytes()).as(fault).isZero();
        compute(device);
      }
    }
    assertThat(faults).isPositive().isLessThan(MOST - 1);
    System.out.printf("device, %s: %d faults%n", operation, faults);
  }

  @Test
  void aDeviceThatIsLostIsAnErrorEachTimeUntilItIsBack() {
    int faults = 0;
    for (int at = 1; at < MOST; at++) {
      String fault = "lost " + at;
      try (TornadoBackend device = new TornadoBackend()) {
        System.setProperty(FAULT, fault);
        Throwable failure = catchThrowable(() -> compute(device));
        if (failure == null) {
          break;
        }
        faults++;
        assertTyped(failure, fault);
        assertTyped(catchThrowable(() -> compute(device)), fault);
        assertThat(device.takenBytes()).as(fault).isZero();
        System.clearProperty(FAULT);
        compute(device);
      }
    }
    assertThat(faults).isPositive().isLessThan(MOST - 1);
    System.out.printf("device, lost: %d faults%n", faults);
  }

  @Test
  void aPlanThatFailedSaysSoAndIsNeverExecutedAgain() {
    try (TornadoBackend device = new TornadoBackend()) {
      Plan plan = device.plan(SUM, 1);
      System.setProperty(FAULT, "launch 1");
      assertThatThrownBy(() -> plan.run(new float[2], 1)).hasMessageContaining("CL_OUT_OF");
      // The emulator would say that TornadoVM may crash the JVM now.
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(() -> plan.run(new float[2], 1))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("close the model and load it again");
        assertThatThrownBy(() -> plan.output(Z)).isInstanceOf(BackendException.class);
      }
      assertThatThrownBy(() -> plan.profile(new float[2], 1)).isInstanceOf(BackendException.class);
      plan.close();
      plan.close();
      assertThat(device.takenBytes()).isZero();
      compute(device);
    }
  }

  @Test
  void aProfileThatFailsLeavesTheOtherPlansAlone() {
    try (TornadoBackend device = new TornadoBackend();
        Plan plan = device.plan(SUM, 1)) {
      plan.run(new float[2], 1);
      System.setProperty(FAULT, "copy_out 2");
      assertThatThrownBy(() -> plan.profile(new float[2], 1)).isInstanceOf(BackendException.class);
      compute(device);
    }
  }

  @Test
  void aBackendThatCannotFreeAPlanClosesTheOthers() {
    TornadoBackend device = new TornadoBackend();
    Plan one = device.plan(SUM, 1);
    Plan other = device.plan(SUM, 1);
    System.setProperty(FAULT, "free 1");
    assertThatThrownBy(device::close)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("could not be closed");
    assertThat(device.takenBytes()).isZero();
    device.close();
    for (Plan plan : List.of(one, other)) {
      assertThatThrownBy(() -> plan.run(new float[2], 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void anInterruptedCallerIsToldAndTheDeviceIsLeftInOrder() {
    try (TornadoBackend device = new TornadoBackend()) {
      assertInterrupted(() -> device.plan(SUM, 2).close());
      Plan plan = device.plan(SUM, 2);
      assertInterrupted(() -> plan.run(new float[] {1, 2}, 1));
      plan.run(new float[] {1, 2}, 1);
      assertThat(plan.output(Z)).containsExactly(6);
      Thread.currentThread().interrupt();
      plan.close();
      assertThat(Thread.interrupted()).isTrue();
      // The plan that nobody waited for was given back as well.
      assertThat(device.takenBytes()).isZero();
    }
  }

  /** Told, unless the device was quicker than the caller looked; the interrupt is kept. */
  private static void assertInterrupted(ThrowingCallable call) {
    Thread.currentThread().interrupt();
    Throwable failure = catchThrowable(call);
    assertThat(Thread.interrupted()).isTrue();
    if (failure != null) {
      assertThat(failure)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("interrupted while the device worked");
    }
  }

  /** The run that fails has a caller who went away: nobody was told, and the next one must be. */
  @Test
  void aRunThatFailsAfterItsCallerWentAwayIsNotRepeated() {
    try (TornadoBackend device = new TornadoBackend();
        Plan plan = device.plan(SUM, 1)) {
      System.setProperty(FAULT, "launch 1");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> plan.run(new float[2], 1)).isInstanceOf(BackendException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThatThrownBy(() -> plan.run(new float[2], 1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("failed in an earlier run");
    }
  }
}
