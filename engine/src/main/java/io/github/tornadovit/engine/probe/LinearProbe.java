package io.github.tornadovit.engine.probe;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.engine.Classification;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pixels;
import io.github.tornadovit.engine.VisionModel;
import java.nio.file.Path;
import java.util.List;

/**
 * A linear classifier on the features of a frozen model. Immutable; safe for use by several
 * threads; holds no file.
 *
 * {@snippet :
 * LinearProbe probe = LinearProbe.load(Path.of("digits-probe"));
 * try (VisionModel model = VisionModel.load(Path.of("vit-base"))) {
 *   Pixels image = model.imageProcessor().pixels(Path.of("seven.png"));
 *   Classification answer = probe.classify(model, image).getFirst();
 * }
 * }
 *
 * <p>A probe is good for features of the source that it was trained on and no other: the same
 * checkpoint content, pooling, layer, normalisation, image size and orientation. Backends may
 * differ.
 */
public final class LinearProbe {
  private final String name;
  private final FeatureSource source;
  private final List<String> labels;
  private final Standardization standardization;
  private final float[] weight;
  private final float[] bias;

  /**
   * A probe; arrays are not copied.
   *
   * @param name for messages
   * @param weight {@code [K, D]}
   * @param bias {@code [K]}
   */
  LinearProbe(
      String name,
      FeatureSource source,
      List<String> labels,
      Standardization standardization,
      float[] weight,
      float[] bias) {
    this.name = name;
    this.source = source;
    this.labels = List.copyOf(labels);
    this.standardization = standardization;
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * Reads a probe from its folder; the format is described at the package.
   *
   * @throws CheckpointException if the folder holds no usable probe; the message says what is wrong
   *     where
   */
  public static LinearProbe load(Path folder) {
    return ProbeFolder.read(folder);
  }

  /** Class names, index = class id. */
  public List<String> labels() {
    return labels;
  }

  /** The features that it was trained on. */
  public FeatureSource source() {
    return source;
  }

  Standardization standardization() {
    return standardization;
  }

  float[] weight() {
    return weight;
  }

  float[] bias() {
    return bias;
  }

  /**
   * Does nothing for a model whose features this probe was trained on. Reads the whole checkpoint,
   * the first time.
   *
   * @throws CheckpointException if it was trained on others; the message says what differs
   */
  public void requireFits(VisionModel model) {
    requireSource(FeatureSource.of(model, source.feature()));
  }

  /**
   * Does nothing for the feature that this probe was trained on.
   *
   * @throws CheckpointException if it was trained on another; the message says what differs
   */
  public void requireFeature(Feature feature) {
    requireSource(
        new FeatureSource(
            source.checkpoint(),
            source.checkpointSha256(),
            source.imageSize(),
            source.applyOrientation(),
            source.precision(),
            feature));
  }

  void requireSource(FeatureSource other) {
    source.requireSame(other, name);
  }

  /**
   * Classifies images by their features, in one forward pass.
   *
   * @param pixels of 1 to {@link
   *     io.github.tornadovit.engine.Session#maxBatch(io.github.tornadovit.engine.stage.Stage)}
   *     images of the model's
   * @return one classification per image, in order; scores are the softmax of the logits
   * @throws CheckpointException if the probe was trained on features of another source
   */
  public List<Classification> classify(VisionModel model, Pixels pixels) {
    requireFits(model);
    return model.embed(pixels, source.feature()).stream()
        .map(feature -> Classification.of(labels, logits(feature)))
        .toList();
  }

  /**
   * The logits {@code [K]} of one feature, by class id; sums in double.
   *
   * @param feature {@code [D]}, of this probe's {@linkplain #source source}, which is not checked
   * @throws IllegalArgumentException if it has another width
   */
  public float[] logits(float[] feature) {
    float[] mean = standardization.mean();
    float[] std = standardization.std();
    if (feature.length != mean.length) {
      throw new IllegalArgumentException(
          "feature has %d elements, expected %d".formatted(feature.length, mean.length));
    }
    float[] logits = new float[bias.length];
    for (int k = 0; k < logits.length; k++) {
      double sum = bias[k];
      for (int i = 0; i < feature.length; i++) {
        sum += (double) weight[k * feature.length + i] * ((feature[i] - mean[i]) / std[i]);
      }
      logits[k] = (float) sum;
    }
    return logits;
  }
}
