package io.github.tornadovit.fuzz;

import io.github.tornadovit.engine.evaluation.LabelledImage;
import io.github.tornadovit.engine.evaluation.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A CSV of images and labels, or JSON Lines, as {@code eval} and {@code probe} read it. */
final class LabelsTarget implements FuzzTarget {
  private static final List<String> LABELS = List.of("with_mask", "without_mask", "7", "", "7");

  private final Scratch scratch = Scratch.create();

  @Override
  public void read(byte[] input) throws IOException {
    boolean json = input.length > 0 && input[0] == '{';
    Path file = scratch.write(json ? "labels.jsonl" : "labels.csv", input);
    List<String> labels = LabelledImages.labels(file);
    List<LabelledImage> images = LabelledImages.read(file, LABELS).images();
    if (images.isEmpty() || labels.size() > images.size()) {
      throw new AssertionError(labels.size() + " labels of " + images.size() + " images");
    }
    for (LabelledImage image : images) {
      if (image.label() < 0 || image.label() >= LABELS.size()) {
        throw new AssertionError("accepted class " + image.label());
      }
    }
  }
}
