package io.github.tornadovit.engine;

import io.github.tornadovit.engine.image.ImageDecoder;
import io.github.tornadovit.engine.image.Preprocessor;
import io.github.tornadovit.engine.image.RgbImage;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the pixels of a model from images, as transformers' image processor of its checkpoint does:
 * decode, turn as EXIF says, resize, centre crop, rescale, normalise. Bit for bit the same.
 *
 * {@snippet :
 * try (VisionModel model = VisionModel.load(Path.of("vit-face-mask"))) {
 *   Pixels pixels = model.imageProcessor().pixels(Path.of("face.jpg"));
 *   Classification answer = model.classify(pixels).getFirst();
 * }
 * }
 *
 * <p>Safe for use by several threads, also after its model was closed. <b>Memory:</b> {@link
 * #pixels(Path)} needs much less than {@link #read(Path)}: of a JPEG file the picture never exists
 * as a whole.
 */
public final class ImageProcessor {
  private final ImageDecoder decoder;
  private final Preprocessor preprocessor;

  ImageProcessor(ImageDecoder decoder, Preprocessor preprocessor) {
    this.decoder = decoder;
    this.preprocessor = preprocessor;
  }

  /**
   * Reads an image file as the model's options say.
   *
   * @throws io.github.tornadovit.engine.image.ImageException if it is not an image that can be
   *     decoded
   */
  public RgbImage read(Path image) {
    return decoder.decode(image);
  }

  /**
   * Decodes an image in memory as the model's options say.
   *
   * @param encoded a whole image file
   * @param name how error messages call it
   * @throws io.github.tornadovit.engine.image.ImageException if it is not an image that can be
   *     decoded
   */
  public RgbImage read(byte[] encoded, String name) {
    return decoder.decode(encoded, name);
  }

  /**
   * The pixels of an image file.
   *
   * @throws io.github.tornadovit.engine.image.ImageException if it is not an image that can be
   *     decoded and brought to the model's size
   */
  public Pixels pixels(Path image) {
    return normalize(view(image));
  }

  /** As {@link #pixels(Path)}, of an image in memory; see {@link #read(byte[], String)}. */
  public Pixels pixels(byte[] encoded, String name) {
    return normalize(preprocessor.view(decoder, encoded, name));
  }

  /**
   * The pixels of one image.
   *
   * @throws io.github.tornadovit.engine.image.ImageException if the image cannot be brought to the
   *     model's size
   */
  public Pixels pixels(RgbImage image) {
    return pixels(List.of(image));
  }

  /**
   * The pixels of images, in order.
   *
   * @throws IllegalArgumentException if there is none
   * @throws io.github.tornadovit.engine.image.ImageException if an image cannot be brought to the
   *     model's size
   */
  public Pixels pixels(List<RgbImage> images) {
    float[] values = new float[Math.multiplyExact(images.size(), size())];
    for (int i = 0; i < images.size(); i++) {
      preprocessor.apply(images.get(i), values, i * size());
    }
    return ofImages(images.size(), values);
  }

  /**
   * The part of an image file that the model sees: resized and cropped, not yet normalised.
   *
   * @throws io.github.tornadovit.engine.image.ImageException if it is not an image that can be
   *     decoded and brought to the model's size
   */
  public RgbImage view(Path image) {
    return preprocessor.view(decoder, image);
  }

  /** As {@link #view(Path)}, of a decoded image. */
  public RgbImage view(RgbImage image) {
    return preprocessor.view(image);
  }

  /**
   * The pixels of what a model sees, the last step: {@code pixels(image)} are {@code
   * normalize(view(image))}.
   *
   * @param view of the model's size
   * @throws IllegalArgumentException if it has another size
   */
  public Pixels normalize(RgbImage view) {
    float[] values = new float[size()];
    preprocessor.normalize(view, values, 0);
    return ofImages(1, values);
  }

  private int size() {
    return preprocessor.channels() * preprocessor.height() * preprocessor.width();
  }

  private Pixels ofImages(int images, float[] values) {
    return Pixels.owning(
        images, preprocessor.channels(), preprocessor.height(), preprocessor.width(), values);
  }
}
