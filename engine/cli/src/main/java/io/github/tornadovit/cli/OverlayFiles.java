package io.github.tornadovit.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names the files of overlays: below one folder, as the images lie below the deepest folder that
 * holds them all, so that images of equal name do not meet.
 */
final class OverlayFiles {
  private final Path folder;
  private final Path common;
  private final Map<Path, Integer> taken = new HashMap<>();
  private final Map<Path, String> numbers = new HashMap<>();

  OverlayFiles(Path folder, List<Path> images) {
    this.folder = folder;
    Path shared = parent(images.getFirst());
    for (Path image : images) {
      Path above = parent(image);
      while (!above.startsWith(shared)) {
        shared = parent(shared);
      }
    }
    common = shared;
  }

  private static Path parent(Path image) {
    Path parent = image.toAbsolutePath().normalize().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(image + ": has no folder in common with other images");
    }
    return parent;
  }

  /**
   * The file of an overlay; those of images that differ in their ending only are numbered.
   *
   * @param suffix after the image's name
   */
  Path of(Path image, String suffix) {
    Path whole = image.toAbsolutePath().normalize();
    String name = whole.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path stem = whole.resolveSibling(dot > 0 ? name.substring(0, dot) : name);
    String number =
        numbers.computeIfAbsent(
            whole,
            first -> {
              int count = taken.merge(stem, 1, Integer::sum);
              return count == 1 ? "" : "-" + count;
            });
    Path below = common.relativize(stem);
    return folder.resolve(below.resolveSibling(below.getFileName() + number + suffix + ".png"));
  }
}
