package io.github.tornadovit.engine.faults;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.BackendException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads and runs a model with less and less memory left, then a model with all of it again: prints
 * the errors. In a JVM of its own, whose heap it may fill.
 */
final class MemoryMain {
  private static final int PIECE = 1 << 18;

  private MemoryMain() {}

  /**
   * Runs it all.
   *
   * @param arguments the folder
   */
  public static void main(String[] arguments) throws InterruptedException {
    Path folder = Path.of(arguments[0]);
    run(folder, 1); // Classes and tables, once for all.
    long threads = Thread.getAllStackTraces().size();
    List<byte[]> ballast = new ArrayList<>();
    boolean failed = false;
    for (int left = 40; left > 0; left--) {
      fill(ballast, left);
      String outcome = outcome(folder);
      ballast.clear();
      if (outcome != null) {
        failed = true;
        System.out.println(outcome);
      }
    }
    run(folder, 8);
    Thread.sleep(300); // For threads that end.
    System.out.println(failed ? "failed, and ran again" : "had enough memory");
    System.out.println(Thread.getAllStackTraces().size() <= threads ? "no thread left" : "threads");
  }

  /** Fills the heap but for some pieces. */
  private static void fill(List<byte[]> ballast, int left) {
    try {
      while (true) {
        ballast.add(new byte[PIECE]);
      }
    } catch (OutOfMemoryError full) {
      for (int i = 0; i < left && !ballast.isEmpty(); i++) {
        ballast.removeLast();
      }
    }
  }

  private static @Nullable String outcome(Path folder) {
    try {
      run(folder, 8);
      return null;
    } catch (CheckpointException | BackendException typed) {
      return "typed: " + typed.getMessage();
    } catch (OutOfMemoryError plain) {
      return "plain: " + plain.getMessage();
    }
  }

  private static void run(Path folder, int batch) {
    ModelOptions options =
        ModelOptions.defaults().withBackend(BackendChoice.CPU).withBatch(batch).withThreads(2);
    try (VisionModel model = VisionModel.load(folder, options)) {
      model.classify(List.of(RgbImage.of(2, 2, new byte[12])));
    }
  }
}
