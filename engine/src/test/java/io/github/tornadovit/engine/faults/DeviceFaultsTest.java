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
import io.github.tornadovit.kernels.tornado.TornadoVm;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each operation of a device fails in turn, or the device is lost there for good, in silence, as
 * TornadoVM's devices do: a typed error in one line, no wrong answer, and after a fault that passes
 * the device computes again. Needs a device that fails where it is told to, which the emulator is.
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

  /** What the message of each fault may say. */
  private static final Map<String, String> SAYS =
      Map.of(
          "allocate", "brought there",
          "copy_in", "brought there",
          "compile", "Unable to compile",
          "launch", "failed: ",
          "copy_out", "");

  /** A plan, batches of all its sizes, the largest last, and a plan beside it. */
  private static void compute(TornadoBackend device) {
    try (Plan plan = device.plan(SUM, 2);
        Plan other = device.plan(SUM, 1)) {
      for (int batch : List.of(1, 2, 1)) {
        assertThat(plan.run(new float[] {1, 2, 3, 4}, batch).of(Z)).startsWith(6).hasSize(batch);
      }
      assertThat(other.run(new float[] {5, 6}, 1).of(Z)).containsExactly(22);
    }
  }

  @BeforeEach
  void theDeviceIsWell() {
    assumeTrue(
        TornadoVm.ofThisJvm().isEmulated(), "a real device does not fail when it is told to");
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
        if (operation.equals("free")) {
          // TornadoVM has freed, as far as it tells; nobody waits for anything of the plan.
          assertThat(failure).as(fault).isNull();
        } else if (failure == null) {
          // A launch that brings an array touches nothing, and nothing is lost with it.
          assertThat(operation).as(fault).isEqualTo("launch");
        } else {
          assertTyped(failure, fault);
          assertThat(failure.getMessage()).as(fault).contains(SAYS.getOrDefault(operation, ""));
        }
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
        if (failure == null) { // Lost when there was nothing left to do but to free.
          break;
        }
        faults++;
        assertTyped(failure, fault);
        assertTyped(catchThrowable(() -> compute(device)), fault);
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
      long before = device.takenBytes();
      Plan plan = device.plan(SUM, 1);
      plan.run(new float[2], 1);
      System.setProperty(FAULT, "launch 4");
      assertThatThrownBy(() -> plan.run(new float[2], 1)).hasMessageContaining("did not run");
      // The emulator would say that TornadoVM may crash the JVM now.
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(() -> plan.run(new float[2], 1))
            .isInstanceOf(BackendException.class)
            .hasMessageContaining("make another");
      }
      assertThatThrownBy(() -> plan.profile(new float[2], 1)).isInstanceOf(BackendException.class);
      plan.close();
      plan.close();
      assertThat(device.takenBytes()).as("a copy may have failed too").isGreaterThan(before);
      compute(device);
    }
  }

  @Test
  void afterAProfileThatFailedAnotherPlanWorks() {
    try (TornadoBackend device = new TornadoBackend();
        Plan plan = device.plan(SUM, 1)) {
      plan.run(new float[2], 1);
      System.setProperty(FAULT, "copy_out 2");
      assertThatThrownBy(() -> plan.profile(new float[2], 1)).isInstanceOf(BackendException.class);
      compute(device);
    }
  }

  /**
   * TornadoVM says nothing of a plan that it could not free; the others are closed all the same.
   */
  @Test
  void aBackendThatCannotFreeAPlanClosesTheOthers() {
    TornadoBackend device = new TornadoBackend();
    long before = device.takenBytes();
    Plan one = device.plan(SUM, 1);
    Plan other = device.plan(SUM, 1);
    for (Plan plan : List.of(one, other)) {
      assertThat(plan.run(new float[] {1, 2}, 1).of(Z)).containsExactly(6);
    }
    System.setProperty(FAULT, "free 1");
    device.close();
    assertThat(System.getProperty(FAULT)).as("the fault was reached").isNull();
    assertThat(device.takenBytes()).isEqualTo(before);
    device.close();
    for (Plan plan : List.of(one, other)) {
      assertThatThrownBy(() -> plan.run(new float[2], 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }

  /** What TornadoVM keeps of a copy that failed is a wild pointer, which freeing would follow. */
  @Test
  void aPlanWhoseCopyFailedIsNeverFreedAndItsMemoryStaysCounted() {
    try (TornadoBackend device = new TornadoBackend()) {
      Plan plan = device.plan(SUM, 1);
      long taken = device.takenBytes();
      plan.run(new float[2], 1);
      System.setProperty(FAULT, "copy_out 1");
      assertThatThrownBy(() -> plan.run(new float[2], 1)).isInstanceOf(BackendException.class);
      plan.close(); // The emulator would say that the JVM may crash.
      assertThat(device.takenBytes()).isEqualTo(taken).isPositive();
      compute(device);
    }
  }

  /** Of the second picture nothing arrives: the answers on the device are those of the first. */
  @Test
  void theAnswerOfTheRunBeforeIsNoAnswer() {
    for (String fault : List.of("copy_in 1", "launch 2", "launch 4", "copy_out 2")) {
      try (TornadoBackend device = new TornadoBackend();
          Plan plan = device.plan(SUM, 1)) {
        assertThat(plan.run(new float[] {1, 2}, 1).of(Z)).containsExactly(6);
        System.setProperty(FAULT, fault);
        assertTyped(catchThrowable(() -> plan.run(new float[] {3, 4}, 1)), fault);
        assertThat(System.getProperty(FAULT)).as("%s was reached", fault).isNull();
      }
    }
  }

  /** Two plans count their launches in one place: the count of the other is no proof. */
  @Test
  void theAnswerOfAnotherPlanIsNoAnswer() {
    try (TornadoBackend device = new TornadoBackend();
        Plan one = device.plan(SUM, 1);
        Plan other = device.plan(SUM, 1)) {
      assertThat(other.run(new float[] {1, 2}, 1).of(Z)).containsExactly(6);
      assertThat(one.run(new float[] {3, 4}, 1).of(Z)).containsExactly(14);
      System.setProperty(FAULT, "dark");
      assertTyped(catchThrowable(() -> other.run(new float[] {5, 6}, 1)), "dark");
    }
  }

  @Test
  void anInterruptedCallerIsToldAndTheDeviceIsLeftInOrder() {
    try (TornadoBackend device = new TornadoBackend()) {
      long before = device.takenBytes();
      assertInterrupted(() -> device.plan(SUM, 2).close());
      Plan plan = device.plan(SUM, 2);
      assertInterrupted(() -> plan.run(new float[] {1, 2}, 1));
      assertThat(plan.run(new float[] {1, 2}, 1).of(Z)).containsExactly(6);
      Thread.currentThread().interrupt();
      plan.close();
      assertThat(Thread.interrupted()).isTrue();
      // The plan that nobody waited for was given back as well.
      assertThat(device.takenBytes()).isEqualTo(before);
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
      plan.run(new float[2], 1);
      System.setProperty(FAULT, "launch 3");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> plan.run(new float[2], 1)).isInstanceOf(BackendException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThatThrownBy(() -> plan.run(new float[2], 1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("failed in an earlier run");
    }
  }
}
