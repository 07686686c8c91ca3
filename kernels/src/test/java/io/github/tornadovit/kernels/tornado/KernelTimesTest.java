package io.github.tornadovit.kernels.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.kernels.backend.BackendException;
import io.github.tornadovit.kernels.backend.KernelTask;
import io.github.tornadovit.kernels.backend.KernelTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class KernelTimesTest {
  private static final SequencedMap<String, KernelTask> TASKS =
      new LinkedHashMap<>(
          Map.of(
              "g.gelu_1",
              new KernelTask("plan.gelu_7", "gelu", "hidden", "block", "4 groups of 64", 8, 16)));

  @Test
  void theLastPassCounts() {
    // TornadoVM's log is never emptied: each pass appends.
    String log = pass(111) + pass(222);
    List<KernelTime> times = KernelTimes.read(log, TASKS);
    assertThat(times).singleElement().extracting(KernelTime::nanos).isEqualTo(222L);
  }

  @Test
  void aTaskWithoutTimeIsNamed() {
    assertThatThrownBy(() -> KernelTimes.read("{}", TASKS))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("'g.gelu_1'");
  }

  @Test
  void timesThatWereNotTakenAreNoTimes() {
    assertThatThrownBy(() -> KernelTimes.requireMeasured(KernelTimes.read(pass(0), TASKS)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("measures no kernels");
  }

  private static String pass(int nanos) {
    return "{\"g\": {\"g.gelu_1\": {\"BACKEND\": \"OpenCL\", \"TASK_KERNEL_TIME\": \"%d\"}}}\n"
        .formatted(nanos);
  }
}
