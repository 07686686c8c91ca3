package io.github.tornadovit.engine.cli;

import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model over many image files, batch by batch; an unreadable image does not stop the others.
 */
final class ImageBatches {
  private ImageBatches() {}

  /**
   * What came of one image: a result, or why there is none.
   *
   * @param image the file, as the user named it
   * @param result null if the image could not be read
   * @param error null if it could
   */
  record Outcome<R>(Path image, @Nullable R result, @Nullable String error) {}

  /** Takes the outcomes in the order of the images. */
  interface Sink<R> {
    void accept(Outcome<R> outcome) throws IOException;
  }

  /**
   * Reads, runs and hands over.
   *
   * @param batch images decoded and run together
   * @param run from images to one result each
   * @return the number of images that could not be read
   */
  static <R> int run(
      VisionModel model,
      List<Path> images,
      int batch,
      Function<List<RgbImage>, List<R>> run,
      Sink<R> sink,
      Progress progress)
      throws IOException {
    int unreadable = 0;
    for (int first = 0; first < images.size(); first += batch) {
      List<Path> part = images.subList(first, Math.min(images.size(), first + batch));
      List<RgbImage> readable = new ArrayList<>();
      List<@Nullable String> errors = new ArrayList<>();
      for (Path image : part) {
        try {
          readable.add(model.read(image));
          errors.add(null);
        } catch (ImageException problem) {
          errors.add(problem.getMessage());
          unreadable++;
        }
      }
      List<R> results = readable.isEmpty() ? List.of() : run.apply(readable);
      int next = 0;
      for (int i = 0; i < part.size(); i++) {
        String error = errors.get(i);
        progress.clear();
        sink.accept(new Outcome<>(part.get(i), error == null ? results.get(next++) : null, error));
      }
      progress.advance(part.size());
    }
    progress.clear();
    return unreadable;
  }
}
