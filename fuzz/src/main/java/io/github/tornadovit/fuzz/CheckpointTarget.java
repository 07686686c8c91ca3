package io.github.tornadovit.fuzz;

import io.github.tornadovit.engine.image.Preprocessor;
import io.github.tornadovit.engine.image.RgbImage;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.IOException;

/**
 * One file of a checkpoint folder, whose other files are those of a tiny model: the folder is
 * opened, its weights are looked up, and a picture is preprocessed as it says.
 */
final class CheckpointTarget implements FuzzTarget {
  /** A configuration may ask for sizes of thousands of pixels, within limits. */
  private static final int MAX_SIDE = 128;

  private static final RgbImage PICTURE = RgbImage.of(5, 7, new byte[5 * 7 * 3]);

  private final Scratch scratch;
  private final String file;

  /**
   * A target.
   *
   * @param file the name of the file that the input is
   * @param others the files of the tiny model that are there besides
   */
  CheckpointTarget(String file, String... others) {
    this.scratch = Scratch.create().with("checkpoint", others);
    this.file = file;
  }

  @Override
  public void read(byte[] input) throws IOException {
    scratch.write(file, input);
    try (Checkpoint checkpoint = Checkpoint.open(scratch.folder(), "input")) {
      preprocess(checkpoint.preprocessor(), checkpoint.config().channels());
      checkpoint.weights();
      Tensors.touch(checkpoint.tensors());
      if (checkpoint.unread().size() > checkpoint.tensors().size()) {
        throw new AssertionError("more tensors are unread than there are");
      }
    }
  }

  private static void preprocess(PreprocessorConfig config, int channels) {
    if (channels != 3 && channels != 1) {
      return;
    }
    Extent end = config.end();
    Extent size = end == null ? new Extent(8, 8) : end;
    PreprocessorConfig.Resize resize = config.resize();
    int edge =
        resize == null
            ? 0
            : side(resize.target().of(new Extent(PICTURE.height(), PICTURE.width())));
    if (edge > MAX_SIDE || side(size) > MAX_SIDE) {
      return;
    }
    Preprocessor preprocessor = new Preprocessor(config, channels, size);
    float[] pixels = new float[channels * size.height() * size.width()];
    if (end != null) {
      preprocessor.apply(PICTURE, pixels, 0);
    }
  }

  private static int side(Extent size) {
    return Math.max(size.height(), size.width());
  }
}
