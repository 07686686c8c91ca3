package io.github.tornadovit.weights.config;

import io.github.tornadovit.weights.config.VisionConfig.Extent;

/** The size that a resize brings an image to. */
public sealed interface ResizeTarget {
  /** The size that an image of a size becomes. */
  Extent of(Extent image);

  /**
   * A size, whatever the image's aspect ratio.
   *
   * @param size rows and columns in pixels
   */
  record Exact(Extent size) implements ResizeTarget {
    @Override
    public Extent of(Extent image) {
      return size;
    }

    @Override
    public String toString() {
      return size.toString();
    }
  }

  /**
   * The short side gets a size, the long side keeps the aspect ratio, rounded towards zero; a limit
   * of the long side takes precedence. As {@code get_size_with_aspect_ratio} of transformers and
   * torchvision's {@code Resize(int)}.
   *
   * @param pixels of the shorter side
   * @param longestEdge limit of the longer side in pixels; 0 for none
   */
  record ShortestEdge(int pixels, int longestEdge) implements ResizeTarget {
    /** Without a limit. */
    public ShortestEdge(int pixels) {
      this(pixels, 0);
    }

    @Override
    public Extent of(Extent image) {
      double shorter = Math.min(image.width(), image.height());
      double longer = Math.max(image.width(), image.height());
      double edge = pixels;
      double exactEdge = edge;
      if (longestEdge > 0 && longer / shorter * edge > longestEdge) {
        exactEdge = longestEdge * shorter / longer;
        edge = Math.rint(exactEdge);
      }
      int kept = Math.max(1, (int) edge);
      int other =
          shorter == kept ? (int) longer : Math.max(1, (int) (exactEdge * longer / shorter));
      return image.width() < image.height() ? new Extent(other, kept) : new Extent(kept, other);
    }

    @Override
    public String toString() {
      return "shortest edge to " + pixels;
    }
  }

  /**
   * The smallest size of the image's aspect ratio that covers a box, as {@code
   * ResizeKeepRatio(box)} of timm rounds it.
   *
   * @param box rows and columns in pixels
   */
  record Covering(Extent box) implements ResizeTarget {
    @Override
    public Extent of(Extent image) {
      double rows = (double) image.height() / box.height();
      double columns = (double) image.width() / box.width();
      return divided(image, Math.min(rows, columns));
    }

    @Override
    public String toString() {
      return "to cover " + box;
    }
  }

  /**
   * The largest size of the image's aspect ratio that a box holds, as {@code ResizeKeepRatio(box,
   * longest=1)} of timm rounds it.
   *
   * @param box rows and columns in pixels
   */
  record Within(Extent box) implements ResizeTarget {
    @Override
    public Extent of(Extent image) {
      double rows = (double) image.height() / box.height();
      double columns = (double) image.width() / box.width();
      return divided(image, Math.max(rows, columns));
    }

    @Override
    public String toString() {
      return "to fit into " + box;
    }
  }

  private static Extent divided(Extent image, double ratio) {
    return new Extent(
        Math.max(1, (int) Math.rint(image.height() / ratio)),
        Math.max(1, (int) Math.rint(image.width() / ratio)));
  }
}
