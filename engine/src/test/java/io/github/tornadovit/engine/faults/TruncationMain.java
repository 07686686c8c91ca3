package io.github.tornadovit.engine.faults;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;

/**
 * Loads a checkpoint, changes a file of it under the mapping, and uses it: prints, per use, the
 * typed error or that there was none. In a JVM of its own, since what is tested is that it lives.
 */
final class TruncationMain {
  private static final Feature EARLY = new Feature(Pooling.TOKENS, 1, false);

  private TruncationMain() {}

  /**
   * Runs it all.
   *
   * @param arguments the folder, which is changed; the file; the bytes that remain, negative for
   *     how many go, or {@code overwrite}; the backend
   */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]).resolve(arguments[1]);
    BackendChoice backend = BackendChoice.valueOf(arguments[3]);
    byte[] whole = Files.readAllBytes(file);
    RgbImage image = RgbImage.of(2, 2, new byte[12]);
    for (String use : List.of("tensors", "digest", "classify", "feature", "attention")) {
      use(Path.of(arguments[0]), file, whole, arguments[2], backend, use, image);
    }
  }

  private static void use(
      Path folder,
      Path file,
      byte[] whole,
      String change,
      BackendChoice backend,
      String use,
      RgbImage image)
      throws IOException {
    ModelOptions options = ModelOptions.defaults().withBackend(backend).withBatch(2);
    try (VisionModel model = VisionModel.load(folder, options.withThreads(3));
        Checkpoint checkpoint = Checkpoint.open(folder)) {
      if (use.equals("feature") || use.equals("attention")) {
        model.classify(
            List.of(image)); // Has its plan and weights; the other plan comes afterwards.
      }
      change(file, change);
      try {
        switch (use) {
          case "tensors" -> checkpoint.tensors().values().forEach(TruncationMain::read);
          case "digest" -> model.digest();
          case "classify" -> model.classify(List.of(image));
          case "feature" -> model.embed(List.of(image), EARLY);
          default -> model.attention().layers(model.imageProcessor().pixels(image), 0);
        }
        System.out.println(use + ": no error");
      } catch (CheckpointException expected) {
        System.out.println(use + ": " + expected.getMessage());
      }
    } finally {
      // As files have to be replaced: another one of the same name.
      Path beside = Files.write(file.resolveSibling("beside"), whole);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }
    try (VisionModel again = VisionModel.load(folder, options)) {
      again.classify(List.of(image));
    }
  }

  private static void read(TensorView tensor) {
    if (tensor.dtype().isFloat()) {
      tensor.toArray();
    }
  }

  private static void change(Path file, String how) throws IOException {
    FileTime before = Files.getLastModifiedTime(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (how.equals("overwrite")) {
        channel.write(ByteBuffer.wrap(new byte[64]), channel.size() - 64);
      } else {
        long bytes = Long.parseLong(how);
        channel.truncate(bytes < 0 ? channel.size() + bytes : bytes);
      }
    }
    if (how.equals("overwrite")) { // The clock of files ticks coarsely, and this was quick.
      Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 10));
    }
  }
}
