package io.github.tornadovit.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.benchmarks.model.ForwardEngine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of the pipe, with an engine that adds up pixels. */
class WorkerProcessTest {
  @TempDir private Path folder;

  /** The worker's program. The model's name says how it behaves. */
  public static final class AddingWorker {
    private AddingWorker() {}

    public static void main(String[] arguments) {
      System.out.println("a native library says hello");
      Worker.serve(
          arguments,
          setting -> {
            if (setting.model().endsWith("missing")) {
              throw new IllegalArgumentException("no such model");
            }
            return new Adding(setting.threads(), setting.images().size());
          });
    }
  }

  /** Logits per image: the sum of its pixels, and the number of threads. */
  private record Adding(int threads, int size) implements ForwardEngine {
    @Override
    public String name() {
      return "adding";
    }

    @Override
    public String version() {
      return "7";
    }

    @Override
    public float[] logits(float[] pixels, int batch) {
      System.out.println("a library talks while it computes");
      float[] logits = new float[2 * batch];
      for (int i = 0; i < batch * size; i++) {
        logits[2 * (i / size)] += pixels[i];
      }
      for (int image = 0; image < batch; image++) {
        logits[2 * image + 1] = image == 2 ? Float.NaN : threads;
      }
      return logits;
    }

    @Override
    public void close() {}
  }

  private WorkerProcess start(String model) throws Exception {
    Path pixels = folder.resolve("pixels");
    ByteBuffer bytes = ByteBuffer.allocate(3 * 4 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 12; i++) {
      bytes.putFloat(i + 0.1f);
    }
    Files.write(pixels, bytes.array());
    return new WorkerProcess(
        "adder",
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            AddingWorker.class.getName(),
            model,
            "3",
            pixels.toString(),
            "3",
            "1",
            "2",
            "2",
            "f32"),
        Map.of());
  }

  @Test
  void asksForLogitsAndTimes() throws Exception {
    try (WorkerProcess worker = start("any")) {
      assertThat(worker.name()).isEqualTo("adding");
      assertThat(worker.version()).isEqualTo("7");
      assertThat(worker.firstLabelMillis()).isPositive();
      float image0 = 0.1f + 1.1f + 2.1f + 3.1f;
      float image1 = 4.1f + 5.1f + 6.1f + 7.1f;
      assertThat(worker.logits(2)).containsExactly(image0, 3, image1, 3);
      assertThat(worker.logits(3)[5]).isNaN();
      assertThat(worker.measure(1, 0)).hasSize(1);
      long[] nanos = worker.measure(2, 20_000_000);
      assertThat(nanos).hasSizeGreaterThan(1);
      assertThat(Arrays.stream(nanos)).allMatch(time -> time > 0 && time < 10_000_000_000L);
    }
  }

  @Test
  void reportsWhatWentWrongInTheWorker() {
    assertThatThrownBy(() -> start("missing").close())
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("adder")
        .hasMessageContaining("no such model");
  }

  @Test
  void reportsAProgramThatIsNotThere() {
    assertThatThrownBy(
            () -> new WorkerProcess("adder", List.of(folder.resolve("none").toString()), Map.of()))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("adder: cannot start");
  }

  @Test
  void readsTheResidentMemoryFromLinux() {
    assertThat(LineProcess.maxResidentBytes(List.of("Name: java", "VmHWM:\t  123 kB")))
        .hasValue(123 * 1024);
    assertThat(LineProcess.maxResidentBytes(List.of("Name: java"))).isEmpty();
  }
}
